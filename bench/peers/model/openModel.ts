import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Asked, News, Script } from './script.ts';

/** The scripted model on the loopback. */
export interface Model {
  readonly url: string;
  readonly pid: number;
  /** Begins a script and forgets the one before. */
  script(script: Script): Promise<void>;
  /** Every request since the script began. */
  asked(): Promise<readonly Asked[]>;
  /** Tells of requests of the loop; ends with the function that is answered. */
  listen(listener: (news: News) => void): () => void;
  close(): Promise<void>;
}

/** Starts the model; it ends with this process. */
export async function openModel(): Promise<Model> {
  const child = fork(path.join(import.meta.dirname, 'process.ts'), { stdio: 'inherit' });
  const listeners = new Set<(news: News) => void>();
  const waiting: ((asked: readonly Asked[]) => void)[] = [];
  const port = new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The scripted model ended.')));
    child.on('message', (message: { port?: number; news?: News; asked?: readonly Asked[] }) => {
      if (message.port) resolve(message.port);
      if (message.news) for (const listener of listeners) listener(message.news);
      if (message.asked) waiting.shift()?.(message.asked);
    });
  });
  const ask = (message: object) =>
    new Promise<readonly Asked[]>((resolve) => {
      waiting.push(resolve);
      child.send(message);
    });
  return {
    url: `http://127.0.0.1:${await port}`,
    pid: child.pid ?? 0,
    script: async (script) => void (await ask({ script })),
    asked: () => ask({}),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
