import type { Agent, Command, Room } from '../agent.ts';
import type { Model } from '../model/openModel.ts';
import type { Script } from '../model/script.ts';
import { type Played, play } from '../play.ts';

/** An agent in its room, before the model. */
export interface Cast {
  readonly agent: Agent;
  readonly model: Model;
  readonly room: Room;
}

/** What was measured of one agent in one scene; a figure is `null` where it could not be had. */
export interface Finding {
  readonly scene: string;
  /** Whether it did all that was asked, and ended by itself. */
  readonly finished: boolean;
  readonly figures: Readonly<Record<string, number | null>>;
  /** Own time of each round, in ms. */
  readonly rounds?: readonly number[];
  /** What the agent said at last. */
  readonly said: string;
}

/** Something that is measured of an agent. */
export interface Scene {
  readonly name: string;
  /** How often it is played where nothing else is asked for. */
  readonly times: number;
  /** Whether an agent can take part. */
  suits(agent: Agent): boolean;
  play(cast: Cast): Promise<Finding>;
}

/** Plays a script with the agent of a cast. */
export const act = (
  { agent, model, room }: Cast,
  command: Command,
  script: Omit<Script, 'mark'>,
  limit: number,
): Promise<Played> => play({ agent, room, model, command, script: { mark: agent.mark, ...script }, limit });

/** Whether a run came to the closing sentence and ended well by itself. */
export const endedWell = ({ end, exit, closed }: Played): boolean => end === 'itself' && exit === 0 && closed;

/** What an agent said at last, for a person to see why it did not finish. */
export const lastWords = ({ end, exit, closed, output }: Played): string =>
  `ended by ${end}, exit ${exit}, ${closed ? 'at the end' : 'before the end'} of the script: ${output.trim().slice(-400)}`;
