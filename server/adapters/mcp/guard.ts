import { type ChildProcess, spawn } from 'node:child_process';

/** Watches over the end of a worker, however that comes. */
export interface Guard {
  /** The process group is to end with this worker, and what has the mark in its environment. */
  watch(group: number, mark: string): void;
  /** The group was ended; nobody needs to look after it. */
  dismiss(): void;
}

/**
 * Reads the number of a process group and a mark; when the worker is gone, and with it the other end of the pipe,
 * what is left of the group is ended, politely first, and then what went into groups of its own, where the system
 * lets one look. The guard itself stands in a group of its own, without the mark.
 */
const script = `read -r group mark || exit 0
while read -r _; do :; done
kill -TERM -"$group" 2>/dev/null && sleep 1
kill -KILL -"$group" 2>/dev/null
for file in /proc/[0-9]*/environ; do
  if grep -qs "$mark" "$file"; then
    process=\${file#/proc/}
    kill -KILL "\${process%/environ}" 2>/dev/null
  fi
done`;

/** Starts a guard where the system has process groups; elsewhere a server only sees its input end. */
export function startGuard(): Guard {
  if (process.platform === 'win32') return { watch: () => undefined, dismiss: () => undefined };
  const guard: ChildProcess = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    detached: true,
  });
  // Without a guard the server still sees its input end; nothing else depends on it.
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return {
    watch: (group, mark) => void guard.stdin?.write(`${group} ${mark}\n`),
    dismiss: () => void guard.kill('SIGKILL'),
  };
}
