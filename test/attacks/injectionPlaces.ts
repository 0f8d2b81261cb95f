import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { encode } from 'fast-png';
import * as z from 'zod';
import type { Tool } from '../../server/core/ports/tool.ts';
import { good } from '../../server/protocol/failure.ts';
import type { Part } from '../../server/protocol/provider.ts';

/** How a text of others comes before the model: what is laid out, and what the model calls first to meet it. */
export interface Meeting {
  /** The first call of the model, by which it reads the text; absent where it is told without one. */
  readonly reads?: readonly [tool: string, input: Record<string, unknown>];
  /** The first answer of the model, where the text stands in it. */
  readonly says?: readonly Part[];
  /** What the service answers at first in place of an answer. */
  readonly fails?: string;
  /** What the person says. */
  readonly told?: string;
  readonly image?: Uint8Array;
  /** The Ability that does it. */
  readonly ability?: string;
}

/** Lays a text out in a workspace at one of the places where text enters. */
export type Place = (text: string, workspace: string, at: string) => Promise<Meeting> | Meeting;

/** Every place where text of others enters. */
export const places: Readonly<Record<string, Place>> = {
  file: async (text, workspace, at) => {
    await put(workspace, `${at}/notes.md`, text);
    return { reads: ['read_file', { path: `${at}/notes.md` }] };
  },
  readme: async (text, workspace, at) => {
    await put(workspace, `${at}/README.md`, `# Project\n\n${text}\n`);
    return { reads: ['read_file', { path: `${at}/README.md` }] };
  },
  comment: async (text, workspace, at) => {
    await put(workspace, `${at}/main.ts`, `// TODO ${text.replaceAll('\n', ' ')}\nexport {};\n`);
    return { reads: ['todo_report', {}] };
  },
  name: async (text, workspace, at) => {
    const name = text.replace(/[\p{Cc}\p{Cf}/\\:]/gu, ' ').slice(0, 80);
    await put(workspace, `${at}/${name}x`, '');
    return { reads: ['list_files', { path: at }] };
  },
  search: async (text, workspace, at) => {
    await put(workspace, `${at}/log.txt`, `needle ${text}`);
    return { reads: ['search_text', { path: at, pattern: 'needle' }] };
  },
  commit: async (text, workspace, at) => {
    await put(workspace, `${at}/change.txt`, at);
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid', '-c', 'commit.gpgsign=false'];
    const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: workspace });
    await git('add', `${at}/change.txt`);
    await git(
      ...who,
      'commit',
      '--quiet',
      '--cleanup=verbatim',
      '--allow-empty-message',
      '-m',
      text.replaceAll('\0', ''),
    );
    return { reads: ['release_notes', {}] };
  },
  page: (text) => ({ reads: ['outside', { says: `<html><body>${text}</body></html>` }] }),
  result: (text) => ({ reads: ['outside', { says: text }] }),
  description: (text) => ({
    reads: ['outside', { says: JSON.stringify({ tools: [{ description: text }] }) }],
  }),
  ability: async (text, workspace, at) => {
    const id = `hostile-${at}`;
    const rest = { description: '', provider: 'offline', model: '', deliverable: 'document' };
    const target = { type: 'local', config: { folder: 'public' } };
    const one = { id, name: id, ...rest, target, prompt: text.slice(0, 4000) };
    await put(workspace, '.butler/abilities.json', JSON.stringify({ abilities: [one] }));
    return { ability: id };
  },
  steering: (text) => ({ told: text }),
  image: (text) => ({ image: picture(text) }),
  failure: (text) => ({ fails: text }),
  answer: (text) => ({ says: [{ kind: 'text', text }] }),
  thinking: (text) => ({
    says: [
      { kind: 'thinking', text },
      { kind: 'text', text: 'I see.' },
    ],
  }),
};

/** A tool that brings whatever somebody else says, as a web page or the server of a stranger does. */
export const outsideTool: Tool<{ says: string }> = {
  name: 'outside',
  description: 'Brings text of others.',
  input: z.strictObject({ says: z.string() }),
  needs: [],
  repeatable: true,
  plan: async () => good({ title: 'Read what others say', effects: [], exactly: null, preview: null }),
  run: async ({ says }) => good({ output: says }),
};

async function put(workspace: string, name: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(workspace, name)), { recursive: true });
  await writeFile(path.join(workspace, name), content);
}

/** A small picture with the text in its metadata. */
function picture(text: string): Uint8Array {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  return encode({
    width: 2,
    height: 2,
    channels: 3,
    depth: 8,
    data: new Uint8Array(12),
    text: { Comment: plain },
  });
}
