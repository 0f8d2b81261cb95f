import * as z from 'zod';
import type { Tool } from '../../../server/core/ports/tool.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import { bad, failures, good } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import { type Answering, calls, crewOfEachTest, says, scripted } from './crew.ts';

/** A send to somewhere that a test can put out of reach, and change meanwhile. */
export interface Post {
  readonly tool: Tool;
  /** What arrived, by execution. */
  readonly arrived: string[];
  /** What can be reached: nothing, only enough to plan, the other end without its answer, or all. */
  reach: 'nothing' | 'plan' | 'one way' | 'all';
  address: string;
  tries: number;
}

/** Makes a post that cannot be asked what arrived. */
export function post(effect: (address: string) => Effect = (address) => ({ kind: 'send', address })): Post {
  const away = failures.offline('The post cannot be reached.');
  const one: Post = {
    arrived: [],
    reach: 'all',
    address: 'somebody',
    tries: 0,
    tool: {
      name: 'post',
      description: 'Sends something.',
      input: z.strictObject({}),
      repeatable: false,
      plan: async () => {
        if (one.reach === 'nothing') return bad(away);
        const { address } = one;
        return good({
          title: `Send to ${address}`,
          effects: [effect(address)],
          exactly: address,
          preview: null,
        });
      },
      run: async (_input, _plan, { execution }) => {
        one.tries++;
        if (one.reach === 'plan' || one.reach === 'nothing') return bad(away);
        one.arrived.push(execution);
        return one.reach === 'all' ? good({ output: `Sent to ${one.address}.` }) : bad(away);
      },
    },
  };
  return one;
}

/** A crew for each test of the suite in which this stands, whose workers send by a post. */
export function sendersOfEachTest() {
  const { crew, stage } = crewOfEachTest();
  return {
    crew,
    stage,
    /** Puts a worker to work that has the post. */
    work: (
      name: string,
      { tool }: Pick<Post, 'tool'>,
      { mode = 'ask', script = [calls('post'), says('Done.')] }: Work = {},
    ) => crew.work(name, { provider: scripted(...script).provider, tools: [tool], mode: () => mode }),
    /** Hands a job over, approves what it asks, and waits until it waits for the network. */
    approved: async () => {
      const job = await stage.hand('butler', 'Send it');
      await stage.decide(await stage.question(job), 'approve');
      await crew.saw(job, 'network.awaited');
      return job;
    },
    /** What the journal says of a job's one call, in order. */
    stepsOf: async ({ id }: Job) => {
      const { entries } = await stage.butler.store.entries({ filter: { job: id }, after: 0, limit: 500 });
      return entries.flatMap((entry) => {
        if (entry.type === 'approval.requested') return 'asked';
        if (entry.type === 'execution.started') return 'started';
        return entry.type === 'execution.finished' ? entry.data.end : [];
      });
    },
  };
}

/** How a worker works, and what the model says to it. */
interface Work {
  readonly mode?: Mode;
  readonly script?: readonly Answering[];
}
