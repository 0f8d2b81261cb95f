import type { Failure } from '../protocol/failure.ts';
import { type Candidate, choiceOf } from './chain.ts';
import { compact } from './compaction.ts';
import { readImages } from './images.ts';
import type { JobRun } from './jobRun.ts';
import { factsOf } from './models.ts';
import type { ProviderRequest } from './ports/provider.ts';
import type { Asking } from './prompt.ts';
import { measure } from './room.ts';
import { newlyTold, type Told } from './telling.ts';
import { toolDefinitions } from './toolDefinitions.ts';

/** Makes the request of a round for a candidate; `refused` is why the last one for it came to nothing. */
export type RequestFor = (candidate: Candidate, refused: Failure | null) => Promise<ProviderRequest>;

/**
 * Makes the requests of a run from the transcript as it stands, each so that its model takes it: a conversation
 * that passes its room, or that the provider refused as too long, is compacted first, and one that it did not accept
 * is told without what it thought so far. What was told to each candidate is kept for the next one.
 */
export function fittingRequests(run: JobRun): RequestFor {
  const tools = toolDefinitions(run.tools);
  const told = new Map<string, Told>();
  const images: Told['images'] = new Map();
  return async (candidate, refused) => {
    const choice = choiceOf(candidate);
    const name = `${choice.provider} ${choice.model}`;
    const before = told.get(name) ?? newlyTold(images);
    told.set(name, before);
    await readImages(run, images);
    const asking = (): Asking => ({
      ability: { ...run.ability, ...choice },
      transcript: run.transcript(),
      tools,
      job: run.job.id,
      facts: factsOf(candidate.provider.kind, choice.model),
      told: before,
    });
    const tooLong = refused?.kind === 'tooLong' && refused.field !== 'answer';
    const measured = measure(asking());
    if (!tooLong && measured.tokens <= measured.room) return measured.request;
    const compacted = await compact(run, candidate, asking(), tooLong);
    return compacted ? measure(asking()).request : measured.request;
  };
}
