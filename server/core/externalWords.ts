import type { EntryType } from '../protocol/entryData.ts';
import type { Entry } from '../protocol/journal.ts';
import type { JobRun } from './jobRun.ts';

/** What a person says to a job while an external agent works on it. */
export interface Words {
  /** Notes that the agent heard the next of what was passed on. */
  heard(): void;
  /** The number of the last word that the agent heard; 0 where it heard none. */
  upTo(): number;
  close(): void;
}

/** Passes on, in their order and each once, the words to a job from the one after `from`. */
export function passOnWords({ ports, job }: JobRun, from: number, say: (text: string) => void): Words {
  const { store } = ports;
  const types: EntryType[] = ['job.steered'];
  const passed: number[] = [];
  let read = from;
  let upTo = from;
  let closed = false;
  let tail: Promise<void> = Promise.resolve();
  const look = async () => {
    const filter = { stream: job.session, job: job.id, types };
    const { entries } = await store.entries({ filter, after: read, limit: 100, bodies: true });
    for (const { seq, body } of entries) {
      if (closed) return;
      read = seq;
      passed.push(seq);
      say((body as { text?: string } | undefined)?.text ?? '');
    }
  };
  const lookAgain = () => {
    // A word that could not be read keeps the job from its end, so it is not lost.
    tail = tail.then(look).catch(() => undefined);
  };
  const isWord = (entry: Entry) => entry.type === 'job.steered' && entry.job === job.id;
  const stop = store.watch((news) => {
    if (!news || news.some(isWord)) lookAgain();
  });
  lookAgain();
  return {
    heard: () => {
      upTo = passed.shift() ?? upTo;
    },
    upTo: () => upTo,
    close: () => {
      closed = true;
      stop();
    },
  };
}
