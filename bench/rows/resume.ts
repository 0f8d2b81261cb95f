import { createJob } from '../../server/protocol/job.ts';
import { setSecret } from '../../server/protocol/provider.ts';
import { type Mock, openMock } from '../anthropicMock.ts';
import { type Client, openClient } from '../client.ts';
import type { Family } from '../family.ts';
import { median, rowOf } from '../row.ts';
import { ended, readFileName, type Stage } from '../stage.ts';

const kills = 20;
/** More rounds than are played before the last kill. */
const endless = 10_000;

/** How soon a job goes on after its worker was killed without a word. */
export const resume: Family = {
  name: 'resume',
  measure: async (stage) => {
    const { resumed, fresh } = await killed(stage);
    const name = `killed ${kills} times in a job, next worker's start to its first request`;
    return [
      rowOf({
        name: `${name}, median`,
        value: median(resumed),
        unit: 'ms',
        floor: median(fresh),
        limit: { timesFloor: 1.5 },
      }),
      rowOf({
        name: `${name}, longest`,
        value: Math.max(...resumed),
        unit: 'ms',
        floor: Math.max(...fresh),
        limit: { atMost: 2_000 },
      }),
    ];
  },
};

/**
 * Kills worker after worker of one job as soon as it asks its model. The floor is a worker with nothing to take
 * over that is handed a job at once, measured in turn.
 */
async function killed(stage: Stage): Promise<{ resumed: number[]; fresh: number[] }> {
  const [mock, other] = [await openMock(), await openMock()];
  const [busy, idle] = [opener(stage, 'resume', mock), opener(stage, 'resume-floor', other)];
  const found = { resumed: [] as number[], fresh: [] as number[] };
  try {
    await idle.prepare();
    await busy.prepare();
    mock.script(endless, readFileName);
    await die((await busy.asks(hand(stage))).client);
    for (let kill = 0; kill < kills; kill++) {
      const next = await busy.asks();
      await die(next.client);
      found.resumed.push(next.ms);
      other.script(0, readFileName);
      const first = await idle.asks(hand(stage));
      await first.client.close();
      found.fresh.push(first.ms);
    }
  } finally {
    await mock.close();
    await other.close();
  }
  return found;
}

/** Starts workers on one store with one model. */
function opener(stage: Stage, store: string, mock: Mock) {
  const open = () => openClient(stage.worker, stage.workspace, stage.env(store, mock.url));
  return {
    /** Lays the store and the key, so that no worker under measurement has to. */
    prepare: async () => {
      const client = await open();
      await client.send(setSecret, { provider: 'anthropic', value: 'bench-key-of-no-worth' });
      await client.close();
    },
    /** From just before the start to the first request, in ms. */
    asks: async (then?: (client: Client) => Promise<unknown>): Promise<{ client: Client; ms: number }> => {
      const asked = mock.nextRequest();
      const begun = performance.now();
      const client = await open();
      await then?.(client);
      const first = await Promise.race([asked, ended(client.process, 30_000)]);
      if (typeof first === 'number') throw new Error(`the worker ended with ${first} before it asked`);
      return { client, ms: first.arrived - begun };
    },
  };
}

function hand({ workspace }: Stage) {
  const job = { ability: 'bench', workspace, text: 'Read the notes.', kind: 'task' } as const;
  return (client: Client) => client.send(createJob, job);
}

async function die({ process: child }: Client): Promise<void> {
  child.kill('SIGKILL');
  await ended(child, 10_000);
}
