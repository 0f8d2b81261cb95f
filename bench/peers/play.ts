import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Agent, Command, Room } from './agent.ts';
import { monotonic } from './clock.ts';
import { environmentOf } from './layRoom.ts';
import { type Meter, openMeter } from './meter.ts';
import type { Model } from './model/openModel.ts';
import type { Asked, News, Script } from './model/script.ts';
import { kill } from './processTree.ts';

/** One run of one command. */
export interface Run {
  readonly agent: Agent;
  readonly room: Room;
  readonly model: Model;
  readonly command: Command;
  readonly script: Script;
  /** When it is killed if it has not ended, in ms. */
  readonly limit: number;
}

/** What came of a run; the memory and times of a processor are `null` where the system does not say. */
export interface Played {
  readonly begun: number;
  readonly exit: number | null;
  readonly end: 'itself' | 'limit' | 'killed';
  /** Whether the model gave its closing sentence. */
  readonly closed: boolean;
  readonly loop: readonly Asked[];
  /** In MB. */
  readonly memory: number | null;
  /** From the first request of the loop to its last, in ms. */
  readonly cpu: number | null;
  readonly output: string;
}

/** How long an agent that waits for an answer has to write down what it has, before it is killed, in ms. */
const settling = 300;

/** Starts an agent, plays the script against it, and leaves no process of it behind. */
export async function play({ agent, room, model, command, script, limit }: Run): Promise<Played> {
  await model.script(script);
  const meter = openMeter(new Set([model.pid]));
  const seen: { end: Played['end']; closed: boolean; cpu: (number | null)[] } = {
    end: 'itself',
    closed: false,
    cpu: [],
  };
  const stop = (end: Played['end']) => {
    seen.end = end;
    meter.kill();
    if (child.pid) kill(-child.pid);
  };
  const unlisten = model.listen((news) => {
    if (isMark(news, script)) seen.cpu.push(meter.cpu());
    if (news.turn === 'closed') seen.closed = true;
    if (news.turn === 'held') setTimeout(stop, settling, 'killed');
  });
  const begun = monotonic();
  const child = start(command, agent, room);
  const output = outputOf(child, command);
  const timer = setTimeout(stop, limit, 'limit');
  const [exit] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  const memory = meter.peak();
  await clear(meter);
  const asked = await model.asked();
  unlisten();
  const { end, closed } = seen;
  const [first = null, last = null] = seen.cpu;
  const cpu = first === null || last === null ? null : last - first;
  const loop = asked.filter((one) => one.kind === 'loop');
  return { begun, exit, end, closed, loop, memory, cpu, output: output() };
}

/** Processor time is read at the first request and at the last. */
const isMark = ({ results, turn }: News, { calls }: Script): boolean =>
  turn === 'asked' && (results === 0 || results === calls.length);

/** Starts a command in a group of its own. */
const start = ({ file, args, dialogue }: Command, agent: Agent, room: Room): ChildProcess =>
  spawn(file, args, {
    cwd: room.workspace,
    env: environmentOf(agent, room),
    detached: true,
    stdio: [dialogue ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });

/** How often the room is looked through before what is left there is let be. */
const sweeps = 400;

/** Ends what an agent left running behind it, and looks no more. */
async function clear(meter: Meter): Promise<void> {
  for (let sweep = 0; sweep < sweeps && meter.kill() > 0; sweep++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  meter.close();
}

/** The end of what a program said is enough to see what went wrong. */
const kept = 4000;

/** Listens to a program, and speaks to it where it wants to be spoken to. */
function outputOf(child: ChildProcess, { dialogue }: Command): () => string {
  let text = '';
  let over = false;
  const hear = (piece: unknown) => {
    const heard = text + String(piece);
    text = heard.slice(-kept);
    if (!dialogue || over || !heard.includes(dialogue.until)) return;
    over = true;
    child.stdin?.write(dialogue.farewell);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.stdin?.on('error', hear);
  if (dialogue) child.stdin?.write(dialogue.greeting);
  return () => text;
}
