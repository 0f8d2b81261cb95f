import { median } from '../../row.ts';
import { fileNames } from '../layRoom.ts';
import type { Asked } from '../model/script.ts';
import { act, endedWell, lastWords, type Scene } from './scene.ts';

/** So many rounds of reading one file each: the agent's own time, what it sends, what it uses. */
export const rounds = (count: number, times: number, limit: number): Scene => ({
  name: `rounds${count}`,
  times,
  suits: () => true,
  play: async (cast) => {
    const { agent, room } = cast;
    const calls = fileNames.slice(0, count).map((file) => agent.read(file, room));
    const text = `Read the ${count} notes one by one, then say done.`;
    const played = await act(cast, agent.start(text, room), { calls }, limit);
    const { loop, cpu, memory } = played;
    const own = ownTimes(loop);
    return {
      scene: `rounds${count}`,
      finished: endedWell(played) && loop.at(-1)?.results === count,
      figures: {
        cpu: cpu === null ? null : cpu / count,
        memory,
        sent: loop.reduce((sum, one) => sum + one.bytes, 0),
        prefix: Math.min(...loop.slice(1).map((one) => one.shared ?? 0)),
        growth: median(own.slice(-50)) / median(own.slice(0, 50)),
        doubled: Math.max(...loop.map((one) => one.doubled)),
      },
      rounds: own,
      said: lastWords(played),
    };
  },
});

/** From the last byte of each answer to the next request, in ms. */
function ownTimes(loop: readonly Asked[]): number[] {
  return loop.slice(1).flatMap((one, index) => {
    const answered = loop[index]?.answered;
    return answered ? [one.arrived - answered] : [];
  });
}
