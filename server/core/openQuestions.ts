import type { Transcript } from '../protocol/transcript.ts';

/** Whether a call of the newest message of a job waits for a person's decision, as far as the transcript tells. */
export function hasOpenQuestion({ turns }: Transcript, job: string): boolean {
  const turn = turns.findLast((one) => one.kind === 'assistant' && one.job === job);
  return turn?.kind === 'assistant' && turn.calls.some(({ approval }) => approval?.decision === null);
}
