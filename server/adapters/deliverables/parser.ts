import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Parsed, Way } from './parsing.ts';

/** Parses code, JavaScript and TypeScript as Node itself does, and runs nothing of it. */
export interface Parser extends AsyncDisposable {
  /** One answer for each way. */
  parse(text: string, ways: readonly Way[]): Promise<readonly Parsed[]>;
}

/** Milliseconds after which a text is given up. */
const longest = 10_000;

/**
 * Opens a thread with the first text: hostile ones take a parser long, or leave it broken for all that come after, and
 * then the thread goes.
 */
export function openParser(signal: AbortSignal): Parser {
  let thread: Worker | null = null;
  const close = async () => {
    const old = thread;
    thread = null;
    await old?.terminate();
  };
  const begin = async () => {
    const { place } = await import('./parsing.ts');
    const one = new Worker(place, options);
    // What it dies of is heard where an answer is waited for.
    one.on('error', () => {});
    one.once('exit', () => {
      if (thread === one) thread = null;
    });
    return one;
  };
  return {
    parse: async (text, ways) => {
      try {
        thread ??= await begin();
        const until = AbortSignal.any([signal, AbortSignal.timeout(longest)]);
        const answered = once(thread, 'message', { signal: until });
        thread.postMessage({ text, ways });
        const [all] = (await answered) as [Parsed[]];
        if (all.some(({ state }) => state === 'unknown')) await close();
        return all;
      } catch {
        await close();
        return ways.map(() => ({ state: 'unknown' }));
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

const options = {
  execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  env: {},
  stdout: true,
  stderr: true,
  resourceLimits: { maxOldGenerationSizeMb: 512 },
};
