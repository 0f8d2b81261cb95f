import { spawnSync } from 'node:child_process';

/** A command that sleeps for minutes, of this run alone, whatever others do on this machine; the seconds tell it from its others. */
export const nap = (seconds: number | string): string => `sleep ${seconds}.${process.pid}`;

/** How many processes of this machine there are whose command line holds a text. */
export const runningWith = (text: string): number =>
  Number(spawnSync('pgrep', ['-fc', text], { encoding: 'utf8' }).stdout.trim());
