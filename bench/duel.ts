import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Asked } from './anthropicMock.ts';

/** Who asks: the product, and what it is held against. */
export type Side = 'ours' | 'floor';

/** What both are to do: so many rounds that read a file. */
export interface Play {
  readonly count: number;
  readonly file: string;
  /** Whether the texts of the requests are wanted. */
  readonly bodies: boolean;
}

/** What each asked, in order. */
export type Played = Readonly<Record<Side, readonly Asked[]>>;

/**
 * Two that ask a model, round by round in turn: one works only while the other waits for its answer. So a moment in
 * which the machine is slow meets both, and their ratio stands still where their times do not.
 */
export interface Duel {
  readonly urls: Readonly<Record<Side, string>>;
  /** Both play at once, once they ask; `ended` is called as each was told the end. */
  play(play: Play, ended: (side: Side) => void): Promise<Played>;
  close(): Promise<void>;
}

/** Opens the models of a duel in a thread of their own. */
export async function openDuel(): Promise<Duel> {
  const thread = new Worker(path.join(import.meta.dirname, 'modelThread.ts'));
  const { promise, resolve, reject } = Promise.withResolvers<Duel['urls']>();
  let told: { ended: (side: Side) => void; played: (played: Played) => void } | null = null;
  thread.once('error', reject);
  thread.on('message', (said: { urls?: Duel['urls']; ended?: Side; played?: Played }) => {
    if (said.urls) resolve(said.urls);
    if (said.ended) told?.ended(said.ended);
    if (said.played) told?.played(said.played);
  });
  return {
    urls: await promise,
    play: (play, ended) =>
      new Promise((played) => {
        told = { ended, played };
        thread.postMessage(play);
      }),
    close: async () => {
      await thread.terminate();
    },
  };
}
