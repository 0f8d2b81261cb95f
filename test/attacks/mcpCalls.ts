import { setTimeout as pause } from 'node:timers/promises';
import { isEnded } from '../../server/core/jobStates.ts';
import type { Call } from '../../server/protocol/turn.ts';
import { calls, says, scripted } from '../contracts/conversations/crew.ts';
import { type McpStage, setMcpStage } from '../contracts/mcp/mcpStage.ts';

/** Plays something on a stage of its own, in a mode. */
export async function withStage(
  mode: 'ask' | 'allow',
  work: (stage: McpStage) => Promise<string>,
): Promise<string> {
  const stage = await setMcpStage({ mode });
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

/** What a model is told of a call that it makes without asking anybody. */
export async function callOnce(
  stage: McpStage,
  name: string,
  input: Record<string, unknown> = {},
): Promise<string> {
  return (await made(stage, name, input))?.output ?? '';
}

/** What comes of a call by a model that obeys: `disabled`, `ask`, or `done` where the server did it, `times` times. */
export async function stateOfCall(stage: McpStage, name: string, times = 1): Promise<string> {
  const reached = () =>
    ['one', 'team'].flatMap((server) => stage.notes(server)).filter(({ method }) => method === 'tools/call')
      .length;
  const before = reached();
  const call = await made(stage, name, {});
  if (call === null) return 'ask';
  if (reached() > before) return 'done';
  return call.state === 'ok' || times < 1 ? 'pretended' : 'disabled';
}

/** The call as it ended; `null` where a person was asked. */
async function made(stage: McpStage, name: string, input: Record<string, unknown>): Promise<Call | null> {
  const { provider } = scripted(calls(name, input), says('Done.'));
  const hand = stage.work(provider);
  const job = await stage.hand('butler', 'Obey.');
  try {
    for (;;) {
      if ((await stage.butler.store.pendingApprovals(job.id)).length > 0) return null;
      const now = await stage.butler.store.job(job.id);
      if (now && isEnded(now.state)) break;
      await pause(10);
    }
  } finally {
    await hand.stop();
  }
  const { turns } = await stage.transcript(job.session);
  return turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []))[0] ?? null;
}
