// Two models in a thread of their own, so that nothing else that this process does is taken for time of who asks them.
import { parentPort } from 'node:worker_threads';
import { openMock } from './anthropicMock.ts';
import type { Play, Played } from './duel.ts';
import { takeTurns } from './turns.ts';

const sides = ['ours', 'floor'] as const;
const mocks = { ours: await openMock(), floor: await openMock() };

parentPort?.on('message', async ({ count, file, bodies }: Play) => {
  const turns = takeTurns(sides);
  const ends = sides.map(async (side) => {
    const mock = mocks[side];
    mock.script(count, file, async () => {
      await turns.wait(side);
      if (mock.asked.length > count) turns.leave(side);
    });
    await mock.ended();
    parentPort?.postMessage({ ended: side });
    return mock.asked.map(({ body, ...one }) => ({ ...one, body: bodies ? body : '' }));
  });
  const [ours = [], floor = []] = await Promise.all(ends);
  parentPort?.postMessage({ played: { ours, floor } } satisfies { played: Played });
});
parentPort?.postMessage({ urls: { ours: mocks.ours.url, floor: mocks.floor.url } });
