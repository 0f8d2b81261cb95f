import type { Process } from '../../server/protocol/process.ts';

/** A command that an agent started, with the newest part of what it wrote. */
export interface Command {
  readonly process: Process;
  readonly output: string;
}

/** Commands by the execution that began them. */
export type Commands = Readonly<Record<string, Command>>;

/** Characters of output that the page keeps of one command, and commands that it keeps. */
const longest = 30_000;
const most = 40;

/** A command began or ended. */
export function commandChanged(commands: Commands, process: Process): Commands {
  const known = commands[process.id];
  return fewest({ ...commands, [process.id]: { process, output: known?.output ?? '' } });
}

/** Adds what commands wrote; of what is not known here nothing is kept. */
export function commandsWrote(commands: Commands, written: Readonly<Record<string, string>>): Commands {
  const next = { ...commands };
  for (const [id, text] of Object.entries(written)) {
    const known = next[id];
    if (known) next[id] = { ...known, output: (known.output + text).slice(-longest) };
  }
  return next;
}

/** Adds what a command wrote before the page knew of it. */
export function commandRead(commands: Commands, { process, output }: Command): Commands {
  if (commands[process.id]) return commands;
  return fewest({ ...commands, [process.id]: { process, output: output.slice(-longest) } });
}

/** What the worker knows no more has ended with another worker. */
export function withoutDead(commands: Commands, alive: ReadonlySet<string>): Commands {
  const all = Object.entries(commands).map(([id, command]): [string, Command] => {
    const gone = command.process.state === 'running' && !alive.has(id);
    return [id, gone ? { ...command, process: { ...command.process, state: 'ended' } } : command];
  });
  return Object.fromEntries(all);
}

/** Forgets the oldest commands that ended. */
function fewest(commands: Commands): Commands {
  const all = Object.entries(commands);
  if (all.length <= most) return commands;
  const over = all.length - most;
  const ended = all.filter(([, { process }]) => process.state === 'ended').slice(0, over);
  const gone = new Set(ended.map(([id]) => id));
  return Object.fromEntries(all.filter(([id]) => !gone.has(id)));
}
