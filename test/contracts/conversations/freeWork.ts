import assert from 'node:assert/strict';
import { createJob } from '../../../server/core/jobs.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Stage } from '../../support/stage.ts';
import type { MadeCall } from './busyHands.ts';
import { type Crew, calls, says, scripted } from './crew.ts';

/** Hands a job over in the mode in which what can be taken back needs no question. */
export async function handFree({ butler, workspace }: Stage): Promise<Job> {
  const asked = { ability: 'butler', workspace, text: 'Work', kind: 'task', mode: 'allow' } as const;
  const created = await createJob(butler, asked, 'person:test');
  assert.ok(created.ok, JSON.stringify(created));
  return created.value;
}

/** Has such a job make the calls, one a round, to its end; its worker goes home. */
export async function workFree(crew: Crew, ...made: readonly MadeCall[]): Promise<Job> {
  const script = made.map(([tool, input]) => calls(tool, input));
  crew.work('one', { provider: scripted(...script, says('Done.')).provider });
  const ended = await crew.stage.end(await handFree(crew.stage));
  await crew.dismiss();
  return ended;
}
