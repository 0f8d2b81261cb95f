import { type Failure, failures } from '../protocol/failure.ts';
import type { Candidate } from './chain.ts';
import { askForJob } from './jobQuestion.ts';
import type { JobRun } from './jobRun.ts';
import { factsOf } from './models.ts';

/** What a candidate costs, as a person reads it; absent where no price is known. */
export function wordedPrice({ provider, model }: Candidate): string | undefined {
  const { usd } = factsOf(provider.kind, model);
  return usd ? `$${usd.input} in, $${usd.output} out per million tokens` : undefined;
}

/**
 * Asks the person where a job that waited for the network would go on at another price than it was begun at
 * (SPEC C9): a newer version took it over, or its Ability names another model by now. Answers why it must end,
 * or `null`.
 */
export async function askForPrice(run: JobRun, candidate: Candidate): Promise<Failure | null> {
  const { job, ports } = run;
  const filter = { stream: job.session, job: job.id, types: ['network.awaited' as const] };
  const [last] = (await ports.store.entries({ filter, limit: 1 })).entries;
  const before = last?.type === 'network.awaited' ? last.data.price : undefined;
  const now = wordedPrice(candidate);
  if (before === undefined || now === before) return null;
  const price = now ?? 'a price that is not known';
  const answer = await askForJob(run, {
    asker: 'price',
    title: `Go on with ${candidate.model || candidate.provider.title}: ${price}`,
    rule: 'The price changed while the job waited for the network.',
    effects: [{ kind: 'spend', amount: price }],
    exactly: { before, now: price },
    text: `When it began to wait: ${before}.`,
  });
  if (answer.decision === 'approved' || answer.decision === 'stopped') return null;
  return failures.denied(
    `The price changed while the job waited for the network, and the new one was not allowed: ${answer.reason}.`,
    'Choose another model for this Ability, then hand the job over again.',
  );
}
