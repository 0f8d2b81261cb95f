import * as nodeModule from 'node:module';
import vm from 'node:vm';
import { isMainThread, parentPort } from 'node:worker_threads';
import { createScriptReader, type ScriptFault } from '../shells/scripts.ts';

/** How a text may be meant; `function` may return, as the modules of CommonJS may, and `typed` bears types. */
export type Way = 'script' | 'function' | 'module' | 'typed' | 'python' | 'bash';

/**
 * What came of reading a text in one way; `none`: this way, or a text so long, is not read here; `unknown`: it failed, so
 * that whoever read it is not to be trusted any more.
 */
export type Parsed =
  | { readonly state: 'fits' | 'none' | 'unknown' }
  | { readonly state: 'broken'; readonly fault: string; readonly line: number | null };

/** What the thread is asked. */
export interface Asked {
  readonly text: string;
  readonly ways: readonly Way[];
}

/** Where this file is, in the source tree or as a part of the bundle: it is the program of the thread as well. */
export const place = new URL(import.meta.url);

const fits: Parsed = { state: 'fits' };
const filename = 'text';
/** What not every Node has. */
const [{ stripTypeScriptTypes }, { SourceTextModule }] = [nodeModule, vm];

type Readers = Readonly<Record<Way, (text: string) => Parsed | Promise<Parsed>>>;

const readers = (readScript = createScriptReader()): Readers => ({
  script: (text) => byNode(() => new vm.Script(text, { filename })),
  function: (text) => byNode(() => vm.compileFunction(text, [], { filename })),
  module: (text) =>
    SourceTextModule ? byNode(() => new SourceTextModule(text, { identifier: filename })) : { state: 'none' },
  typed: (text) =>
    stripTypeScriptTypes
      ? byNode(() => stripTypeScriptTypes(text, { mode: 'transform' }))
      : { state: 'none' },
  python: async (text) => parsed(await readScript('python', text)),
  bash: async (text) => parsed(await readScript('bash', text)),
});

function parsed(fault: ScriptFault): Parsed {
  if (fault === 'none') return { state: 'none' };
  return fault ? { state: 'broken', fault: 'the grammar does not read it', line: fault.line } : fits;
}

/** What Node says of a text that it reads and does not run. */
function byNode(read: () => unknown): Parsed {
  try {
    read();
    return fits;
  } catch (thrown) {
    const { name, message, stack = '', code } = thrown as NodeJS.ErrnoException;
    if (code === 'ERR_NO_TYPESCRIPT') return { state: 'none' };
    if (name !== 'SyntaxError' || code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return { state: 'unknown' };
    const line = Number(/^(?:text)?:([0-9]+)/.exec(stack)?.[1]) || null;
    return { state: 'broken', fault: message, line };
  }
}

if (!isMainThread) {
  const read = readers();
  parentPort?.on('message', async ({ text, ways }: Asked) => {
    const all: Parsed[] = [];
    for (const way of ways) all.push(await read[way](text));
    parentPort?.postMessage(all);
  });
}
