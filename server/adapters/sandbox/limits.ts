import { existsSync } from 'node:fs';

/** What one command may take. */
export interface Limits {
  /** Wall time in seconds. */
  readonly seconds: number;
  /** CPU time of one process in seconds. */
  readonly cpuSeconds: number;
  /** Memory that one process may fill, in bytes; what is only set aside does not count. */
  readonly processMemory: number;
  /** Memory that all its processes may fill, in bytes. */
  readonly memory: number;
  readonly processes: number;
  /** Size of one file that it writes, in bytes. */
  readonly file: number;
  /** Size of the folder for passing files, in bytes. */
  readonly scratch: number;
  /** Characters that it may write to its output before it is ended. */
  readonly output: number;
}

const mega = 1024 * 1024;
const giga = 1024 * mega;

/** The longest that a command may be given, in seconds. */
export const longestSeconds = 3600;

/** The limits of a command that is given so many seconds. */
export function limitsOf(seconds: number): Limits {
  return {
    seconds,
    cpuSeconds: seconds * 4,
    processMemory: 4 * giga,
    memory: 6 * giga,
    processes: 512,
    file: 2 * giga,
    scratch: giga,
    output: 64 * mega,
  };
}

/** The limits in a line for a person. */
export function limitsShown({ seconds, memory, processes }: Limits): string {
  return `${seconds} s, ${Math.round(memory / giga)} GB of memory, ${processes} processes`;
}

/** Lets go of what this process inherited open from whoever started it, which only bash can for all numbers. */
const closeOthers =
  'for one in $(ls /proc/$$/fd /dev/fd 2>/dev/null); do case $one in [012]|*[!0-9]*) ;; *) eval "exec $one>&-" 2>/dev/null;; esac; done';

/** The person's editor, and whoever watches the command, come first when the processor has too much to do. */
const behind = ['/usr/bin/nice', '/bin/nice']
  .filter((file) => existsSync(file))
  .slice(0, 1)
  .map((file) => `${file} -n 10 `)
  .join('');

/**
 * The words that start a program under limits of the system: each is set, or the program is not started. Only the
 * number of processes may stay as it is: it is watched from outside, for the system counts none of an administrator.
 */
export function limited(limits: Limits, program: readonly string[]): string[] {
  const processes = limits.processes * 8;
  const script = [
    'ulimit -c 0',
    `ulimit -t ${limits.cpuSeconds}`,
    `ulimit -f ${limits.file / 512}`,
    // macOS has no limit of that kind.
    process.platform === 'linux' ? `ulimit -d ${limits.processMemory / 1024}` : 'true',
    `{ ulimit -u ${processes} 2>/dev/null || ulimit -p ${processes} 2>/dev/null || true; }`,
    `exec ${behind}"$@"`,
  ].join(' && ');
  const bash = ['/bin/bash', '/usr/bin/bash'].find((file) => existsSync(file));
  if (!bash) return ['/bin/sh', '-c', script, 'sh', ...program];
  return [bash, '--posix', '--noprofile', '--norc', '-c', `${closeOthers}\n${script}`, 'sh', ...program];
}
