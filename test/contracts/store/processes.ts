import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { SqliteUnderTest } from './sqliteUnderTest.ts';

/** Starts another process that opens the same store. */
export function forkOn(under: SqliteUnderTest, work: 'append' | 'claim' | 'open'): ChildProcess {
  const { file, headFile, key } = under.place;
  const argv = [work, file, headFile, Buffer.from(key).toString('hex')];
  return fork(path.join(import.meta.dirname, 'storeProcess.ts'), argv, { serialization: 'json' });
}

/** Every message that a process sent until it ended, or until `enough` ended it. */
export function messagesOf(child: ChildProcess, enough: (messages: unknown[]) => boolean = () => false) {
  const messages: unknown[] = [];
  return new Promise<unknown[]>((resolve, reject) => {
    child.on('message', (message) => {
      messages.push(message);
      if (enough(messages)) child.kill('SIGKILL');
    });
    child.once('close', (code) =>
      code ? reject(new Error(`The process ended with ${code}.`)) : resolve(messages),
    );
  });
}
