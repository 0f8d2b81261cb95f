import { emptyLog } from '../layRoom.ts';
import { act, endedWell, lastWords, type Scene } from './scene.ts';
import { stepCalls, stepsIn } from './steps.ts';

const steps = 20;
/** How many steps are done when the agent is killed. */
const done = 10;
const limit = 90_000;

/** Twenty steps, killed without a word while it waits for the eleventh, then the agent's own way to go on. */
export const crash: Scene = {
  name: 'crash',
  times: 3,
  suits: (agent) => agent.step !== undefined && agent.resume !== undefined,
  play: async (cast) => {
    const { agent, room } = cast;
    emptyLog(room);
    const calls = stepCalls(agent, room, steps);
    const command = agent.start('Run the twenty steps, then say done.', room);
    const killed = await act(cast, command, { calls, hold: done }, limit);
    const resume = agent.resume?.('continue', room);
    if (killed.end !== 'killed' || !resume) {
      return { scene: 'crash', finished: false, figures: {}, said: lastWords(killed) };
    }
    const resumed = await act(cast, resume, { calls }, limit);
    const first = resumed.loop[0];
    const { lost, doubled } = stepsIn(room, steps, resumed.loop);
    return {
      scene: 'crash',
      finished: endedWell(resumed) && lost === 0,
      figures: {
        resumed: first ? first.arrived - resumed.begun : null,
        /** Results of before that the first request does not hold. */
        forgotten: first ? done - Math.min(done, first.results) : null,
        lost,
        doubled,
      },
      said: lastWords(resumed),
    };
  },
};
