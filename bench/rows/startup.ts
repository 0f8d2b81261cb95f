import path from 'node:path';
import { type Mock, openMock } from '../anthropicMock.ts';
import { openClient } from '../client.ts';
import type { Family } from '../family.ts';
import { median, rowOf } from '../row.ts';
import { ended, type Stage, start } from '../stage.ts';

const times = 7;

/** How long a person waits for the worker, and for the first word to the model. */
export const startup: Family = {
  name: 'startup',
  measure: async (stage) => {
    const mock = await openMock();
    try {
      const [worker, empty] = await inTurn(
        () => initializeTime(stage, stage.worker),
        () => initializeTime(stage, stage.emptyServer),
      );
      const [cli, bare] = await inTurn(
        () => firstRequest(stage, mock, stage.cli, ['run', 'bench', 'Hello', '--yes']),
        () => firstRequest(stage, mock, stage.sdkLoop, ['Hello', path.join(stage.folder, 'session.jsonl')]),
      );
      return [
        rowOf({
          name: 'worker spawn to initialize reply',
          value: median(worker),
          unit: 'ms',
          floor: median(empty),
          limit: { timesFloor: 1.5 },
        }),
        rowOf({
          name: 'CLI start to first request at the model',
          value: median(cli),
          unit: 'ms',
          floor: median(bare),
          limit: { atMost: 160, timesFloor: 2.5 },
        }),
      ];
    } finally {
      await mock.close();
    }
  },
};

/** Measures both in turn, so that a slow moment of the machine meets both; the first time of each only warms up. */
async function inTurn(
  ours: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<[number[], number[]]> {
  const found: [number[], number[]] = [[], []];
  for (let time = 0; time <= times; time++) {
    const [one, other] = [await ours(), await floor()];
    if (time === 0) continue;
    found[0].push(one);
    found[1].push(other);
  }
  return found;
}

async function initializeTime(stage: Stage, file: string): Promise<number> {
  const client = await openClient(file, stage.workspace, stage.env('startup', ''));
  await client.close();
  return client.initialized;
}

async function firstRequest(stage: Stage, mock: Mock, file: string, args: string[]): Promise<number> {
  mock.script(0, '');
  const begun = performance.now();
  const env = stage.env('startup', mock.url);
  const child = start(file, args, { cwd: stage.workspace, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr?.on('data', (text) => said.push(String(text)));
  const gone = ended(child, 30_000);
  const asked = await Promise.race([mock.nextRequest(), gone]);
  if (typeof asked === 'number') {
    throw new Error(`${path.basename(file)} ended with ${asked} before it asked the model: ${said.join('')}`);
  }
  await gone;
  return asked.arrived - begun;
}
