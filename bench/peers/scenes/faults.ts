import { emptyLog } from '../layRoom.ts';
import { type Asked, type FaultName, faultNames } from '../model/script.ts';
import { act, endedWell, lastWords, type Scene } from './scene.ts';
import { stepCalls, stepsIn } from './steps.ts';

const steps = 4;
/** The fault meets the request that brings so many results. */
const at = 2;
/** How often in a row; once where nothing is said. */
const times: Partial<Record<FaultName, number>> = { broken: 2 };

/** Four steps with a fault in the middle, a scene for each fault. */
export const faults: readonly Scene[] = faultNames.map((name) => ({
  name,
  times: 3,
  suits: (agent) => agent.step !== undefined,
  play: async (cast) => {
    const { agent, room } = cast;
    emptyLog(room);
    const calls = stepCalls(agent, room, steps);
    const fault = { name, at, times: times[name] ?? 1 };
    const command = agent.start('Run the four steps, then say done.', room);
    const played = await act(cast, command, { calls, fault }, 60_000);
    const { lost, doubled } = stepsIn(room, steps, played.loop);
    return {
      scene: name,
      finished: endedWell(played) && lost === 0,
      figures: { recovery: recoveryIn(played.loop), lost, doubled },
      said: lastWords(played),
    };
  },
}));

/** From the end of the first fault to the first request that was answered as it should be, in ms. */
export function recoveryIn(loop: readonly Asked[]): number | null {
  const first = loop.find((one) => one.fault);
  const last = loop.findLastIndex((one) => one.fault);
  const good = loop[last + 1];
  return first?.answered && good ? good.arrived - first.answered : null;
}
