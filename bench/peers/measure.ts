import { randomUUID } from 'node:crypto';
import type { Agent, Room } from './agent.ts';
import { type House, layRoom } from './layRoom.ts';
import type { Model } from './model/openModel.ts';
import { play } from './play.ts';
import type { Finding, Scene } from './scenes/scene.ts';

/** A finding with whose it is; `take` counts the times that a scene was played. */
export interface Take extends Finding {
  readonly agent: string;
  readonly take: number;
}

/** What is measured, and who is told. */
export interface Measuring {
  readonly agents: readonly Agent[];
  readonly scenes: readonly Scene[];
  /** How often each scene is played; its own number where nothing is said. */
  readonly times: number | null;
  readonly house: House;
  readonly model: Model;
  record(take: Take): void;
}

/** Plays every scene with every agent in turn, so that a slow moment of the machine meets all alike. */
export async function measure(measuring: Measuring): Promise<void> {
  const { agents, scenes, times, house, model, record } = measuring;
  const rooms = new Map<string, Room>();
  for (const agent of agents) rooms.set(agent.name, await furnish(agent, house, model));
  for (const scene of scenes) {
    for (let take = 1; take <= (times ?? scene.times); take++) {
      for (const agent of agents.filter((one) => scene.suits(one))) {
        const room = rooms.get(agent.name) ?? (await furnish(agent, house, model));
        const found = await scene.play({ agent, model, room: { ...room, session: randomUUID() } });
        record({ agent: agent.name, take, ...found });
        // What was cut off may lie about half done, and would meet the next scene.
        if (!found.finished) rooms.set(agent.name, await furnish(agent, house, model));
      }
    }
  }
}

/** How long one command of a set-up may take, in ms. */
const longest = 120_000;

/** Lays a room and lets the agent settle in: the first start of all is measured nowhere. */
async function furnish(agent: Agent, house: House, model: Model): Promise<Room> {
  const room = layRoom(house, agent);
  const commands = [...(agent.prepare?.(room) ?? []), agent.start('Say hello.', room)];
  const script = { mark: agent.mark, calls: [] };
  for (const command of commands) await play({ agent, room, model, command, script, limit: longest });
  return room;
}
