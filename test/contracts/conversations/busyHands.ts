import { hash } from 'node:crypto';
import path from 'node:path';

/** A call that an agent makes. */
export type MadeCall = readonly [tool: string, input: Record<string, unknown>];

/** Makes up calls that change a workspace in every way there is, each fitting what those before it left. */
export interface BusyHands {
  next(): MadeCall;
}

/** Hands whose choices follow from a seed; of so many calls, about one is a command. */
export function busyHands({ seed, commandsOneIn }: { seed: number; commandsOneIn: number }): BusyHands {
  const files = new Map<string, string>();
  let count = 0;
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(all: readonly T[]): T => all[random(all.length)] as T;
  const freshName = () => `busy/${pick(folders)}/${pick(folders)}/file-${++count}.txt`;
  const text = () => `${pick(words)} ${count} ${random(1_000_000)}\n`.repeat(1 + random(20));
  const known = () => pick([...files.keys()]);
  const version = (name: string) => hash('sha256', files.get(name) ?? '');
  const acts: readonly (() => MadeCall)[] = [
    () => {
      const [name, content] = [freshName(), text()];
      files.set(name, content);
      return ['write_file', { path: name, content }];
    },
    () => {
      const [name, content] = [known(), text()];
      const before = version(name);
      files.set(name, content);
      return ['write_file', { path: name, content, version: before }];
    },
    () => {
      const [name, fresh] = [known(), `${pick(words)}-${count++}`];
      const before = version(name);
      const old = (files.get(name) ?? '').split('\n', 1)[0] ?? '';
      files.set(name, (files.get(name) ?? '').replaceAll(old, fresh));
      return ['edit_file', { path: name, version: before, old, new: fresh, all: true }];
    },
    () => {
      const name = known();
      files.delete(name);
      return ['delete_file', { path: name }];
    },
    () => {
      const [from, to] = [known(), freshName()];
      files.set(to, files.get(from) ?? '');
      files.delete(from);
      return ['move_file', { from, to }];
    },
    () => {
      const [from, to] = [path.dirname(known()), `busy/moved-${++count}`];
      for (const [name, content] of [...files]) {
        if (!name.startsWith(`${from}/`)) continue;
        files.delete(name);
        files.set(name.replace(from, to), content);
      }
      return ['move_file', { from, to }];
    },
  ];
  const command = (): MadeCall => {
    const [name, other] = [known(), freshName()];
    const made = `${other}.sh`;
    const content = `${files.get(name)}${count}\n`;
    files.set(name, content);
    const lines = [
      `printf '${count}\\n' >> '${name}'`,
      `mkdir -p '${other}' hollow-${count}`,
      `printf x > '${made}'`,
    ];
    return ['run_command', { command: lines.join(' && ') }];
  };
  return {
    next: () => {
      if (files.size < 20) return (acts[0] as () => MadeCall)();
      if (files.size > 200) return (acts[3] as () => MadeCall)();
      return random(commandsOneIn) === 0 ? command() : pick(acts)();
    },
  };
}

const folders = ['north', 'south', 'east', 'west', 'ünder', 'a b'];
const words = ['tide', 'harbour', 'gull', 'rope', 'Möwe'];
