import { act, endedWell, lastWords, type Scene } from './scene.ts';

/** From the start of the program to its first request, and how large that is. */
export const hello: Scene = {
  name: 'hello',
  times: 5,
  suits: () => true,
  play: async (cast) => {
    const played = await act(cast, cast.agent.start('Say hello.', cast.room), { calls: [] }, 90_000);
    const first = played.loop[0];
    return {
      scene: 'hello',
      finished: endedWell(played),
      figures: {
        firstRequest: first ? first.arrived - played.begun : null,
        firstBytes: first?.bytes ?? null,
      },
      said: lastWords(played),
    };
  },
};
