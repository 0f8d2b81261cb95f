import type { Parts } from '../../extension/parts.ts';
import { decideApproval } from '../../server/protocol/approval.ts';
import { createJob, type Job } from '../../server/protocol/job.ts';
import { folder, until, valueIn } from './parts.ts';

/** Hands the main job over, approves it, and waits for its end. */
export async function publishSite(parts: Parts): Promise<Job> {
  const text = 'Publish the docs as a site';
  const { worker } = parts;
  const job = valueIn(
    await worker.send(createJob, { ability: 'site-from-readme', text, workspace: folder() }),
  );
  await decided(parts, job.id, 'approve');
  return job;
}

/** Answers the question of a job as the page does, and waits for its end. */
export async function decided(
  { worker, board }: Parts,
  job: string,
  decision: 'approve' | 'deny',
): Promise<Job> {
  const asked = () => board.going.asked.find(({ approval }) => approval.job === job)?.approval;
  await until(board.onChange, () => asked() !== undefined);
  const { id, digest } = asked() ?? { id: '', digest: '' };
  valueIn(await worker.send(decideApproval, { id, digest, decision }));
  const ended = () =>
    board.going.jobs.find((one) => one.id === job && /completed|failed|aborted/.test(one.state));
  await until(board.onChange, () => ended() !== undefined);
  const last = ended();
  if (!last) throw new Error('The job did not end.');
  return last;
}
