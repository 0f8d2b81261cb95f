import { createHash, hash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Blobs } from '../../../server/core/ports/store.ts';
import type { Editor, Tool, ToolContext, ToolPlan, ToolResult } from '../../../server/core/ports/tool.ts';
import { createRedactor } from '../../../server/core/redaction.ts';
import type { Deliverable } from '../../../server/protocol/deliverable.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';

/** The ripgrep binary of this machine. */
export const rg = path.join(
  import.meta.dirname,
  '../../../node_modules/@vscode/ripgrep-universal/bin',
  `${process.platform}-${process.arch}`,
  process.platform === 'win32' ? 'rg.exe' : 'rg',
);

/** A workspace on disk with all that a tool may use, for one test. */
export interface Ground extends AsyncDisposable {
  readonly workspace: string;
  /** A folder beside the workspace. */
  readonly outside: string;
  readonly blobs: Blobs;
  readonly deliverables: Map<string, Deliverable>;
  /** What executions that a test gave a name, or none, noted and paid. */
  readonly notes: readonly Note[];
  /** A context for one execution; what is given replaces its own. */
  context(change?: Partial<ToolContext>): ToolContext;
  write(name: string, content: string | Uint8Array): Promise<void>;
  read(name: string): Promise<Buffer>;
  /** Everything that lies in the workspace, by path: content, mode and links. */
  snapshot(): Promise<Record<string, string>>;
}

/** What an execution noted, and what it paid just then. */
export interface Note {
  readonly of: string | undefined;
  readonly value: unknown;
  readonly usd: number | null | undefined;
}

/** Makes a ground in a temporary folder. */
export async function makeGround(files: Record<string, string | Uint8Array> = {}): Promise<Ground> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-ground-')));
  const workspace = path.join(root, 'work');
  const outside = path.join(root, 'outside');
  const own = path.join(root, 'own');
  for (const folder of [workspace, outside, own]) await mkdir(folder);
  const blobs = folderBlobs(path.join(root, 'own'));
  const deliverables = new Map<string, Deliverable>();
  const notes: Note[] = [];
  let count = 0;
  const ground: Ground = {
    workspace,
    outside,
    blobs,
    deliverables,
    notes,
    context: (change = {}) => ({
      workspace,
      ability,
      job: 'job-1',
      session: 'session-1',
      execution: `execution-${++count}`,
      signal: new AbortController().signal,
      clock: {
        now: () => Date.UTC(2026, 0, 1),
        midnight: () => Date.UTC(2026, 0, 1),
        random: () => 0.5,
        id: () => `id-${++count}`,
        sleep: async () => {},
        digest: (data) => hash('sha256', data),
      },
      blobs,
      store: {
        deliverable: async (id) => deliverables.get(id) ?? null,
        deliverables: async () =>
          [...deliverables.values()].reverse().map((one) => ({ ...one, files: one.files.length, bytes: 0 })),
      },
      targets,
      credential: async () => null,
      editor: null,
      ownFolders: [own],
      redactor: createRedactor(),
      outputOf: (earlier) => (earlier === 'earlier' ? 'its first line\nits second line' : null),
      attachment: () => null,
      answer: null,
      noted: notes.findLast(({ of }) => of === change.execution)?.value,
      note: async (value, usd) => void notes.push({ of: change.execution, value, usd }),
      progress: () => {},
      ...change,
    }),
    write: async (name, content) => {
      await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
      await writeFile(path.join(workspace, name), content);
    },
    read: (name) => readFile(path.join(workspace, name)),
    snapshot: () => snapshotOf(workspace),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
  for (const [name, content] of Object.entries(files)) await ground.write(name, content);
  return ground;
}

/** Blobs as files named by their digest. */
export function folderBlobs(folder: string): Blobs {
  return {
    put: async (bytes) => {
      const digest = hash('sha256', bytes);
      await writeFile(path.join(folder, digest), bytes);
      return digest;
    },
    get: (digest) => readFile(path.join(folder, digest)).catch(() => null),
    putAll: async (pieces) => {
      const hash = createHash('sha256');
      let size = 0;
      const arriving = path.join(folder, `arriving-${randomUUID()}`);
      async function* counted() {
        for await (const piece of pieces) {
          hash.update(piece);
          size += piece.length;
          yield piece;
        }
      }
      await writeFile(arriving, counted());
      const digest = hash.digest('hex');
      await rename(arriving, path.join(folder, digest));
      return { digest, size };
    },
    open: async (digest, from = 0) => {
      const file = path.join(folder, digest);
      const there = await lstat(file).catch(() => null);
      // A stream sets aside as much as it may read at once, however small the file is.
      const highWaterMark = Math.max(1, Math.min(1024 * 1024, (there?.size ?? 0) - from));
      return there ? createReadStream(file, { start: from, highWaterMark }) : null;
    },
  };
}

/** The whole of a call as the agent loop makes it: input checked, planned, run; the deliverable is saved. */
export async function call(
  ground: Ground,
  tool: Tool,
  input: unknown,
  context = ground.context(),
): Promise<{ plan: ToolPlan; result: ToolResult; context: ToolContext }> {
  const parsed = tool.input.parse(input);
  const plan = value(await tool.plan(parsed, context));
  const result = value(await tool.run(parsed, plan, context));
  if (result.deliverable) {
    const { job, session } = context;
    const rest = { job, session, ability: context.ability.id, created: context.clock.now(), published: null };
    ground.deliverables.set(result.deliverable.id, { ...result.deliverable, ...rest });
  }
  return { plan, result, context };
}

/** The value of a good outcome. */
export function value<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.failure.kind}: ${outcome.failure.what}`);
}

/** The failure's kind, or `ok`. */
export function kindOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.failure.kind;
}

/** An editor that has documents open, as far as the port goes. */
export function openEditor(texts: Map<string, string>, accepts = true): Editor {
  return {
    openText: (file) => texts.get(file) ?? null,
    applyText: async (file, text) => {
      if (accepts) texts.set(file, text);
      return accepts;
    },
  };
}

/** Everything below a folder, by relative path. */
export async function snapshotOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = async (below: string): Promise<void> => {
    for (const name of (await readdir(path.join(folder, below))).sort()) {
      const at = path.join(below, name);
      const stat = await lstat(path.join(folder, at));
      const mode = (stat.mode & 0o777).toString(8);
      if (stat.isSymbolicLink()) found[at] = `link ${await readlink(path.join(folder, at))}`;
      else if (stat.isDirectory()) {
        found[at] = `folder ${mode}`;
        await visit(at);
      } else found[at] = `file ${mode} ${hash('sha256', await readFile(path.join(folder, at)))}`;
    }
  };
  await visit('');
  return found;
}

const ability: ToolContext['ability'] = {
  id: 'site',
  name: 'Site',
  description: '',
  provider: 'offline',
  model: '',
  deliverable: 'website',
  target: { type: 'local', config: {} },
  prompt: '',
  origin: 'user',
  created: 0,
  updated: 0,
};
