import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** How a text may be meant; `function` may return, as the modules of CommonJS may, and `typed` bears types. */
export type Way = 'script' | 'function' | 'module' | 'typed';

/** What came of reading a text in one way; `none`: this Node cannot read that way, `unknown`: it could not this text. */
export type Parsed =
  | { readonly state: 'fits' | 'none' | 'unknown' }
  | { readonly state: 'broken'; readonly fault: string; readonly line: number | null };

/** Parses JavaScript and TypeScript as Node itself does, and runs nothing of it. */
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
  const begin = () => {
    const one = new Worker(program, options);
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
        thread ??= begin();
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
  eval: true,
  execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  env: {},
  stdout: true,
  stderr: true,
  resourceLimits: { maxOldGenerationSizeMb: 512 },
};

/** What the thread does. */
const program = `
const { parentPort } = require('node:worker_threads');
const vm = require('node:vm');
const { stripTypeScriptTypes } = require('node:module');
const filename = 'text';
const ways = {
  script: (text) => new vm.Script(text, { filename }),
  function: (text) => vm.compileFunction(text, [], { filename }),
  module: vm.SourceTextModule && ((text) => new vm.SourceTextModule(text, { identifier: filename })),
  typed: stripTypeScriptTypes && ((text) => stripTypeScriptTypes(text, { mode: 'transform' })),
};
parentPort.on('message', (asked) => parentPort.postMessage(asked.ways.map((way) => {
  try {
    if (!ways[way]) return { state: 'none' };
    ways[way](asked.text);
    return { state: 'fits' };
  } catch (error) {
    if (error.code === 'ERR_NO_TYPESCRIPT') return { state: 'none' };
    const isBroken = error.name === 'SyntaxError' && error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
    const line = Number(/^(?:text)?:([0-9]+)/.exec(error.stack)?.[1]) || null;
    return isBroken ? { state: 'broken', fault: String(error.message), line } : { state: 'unknown' };
  }
})));
`;
