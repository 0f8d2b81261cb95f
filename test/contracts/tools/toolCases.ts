import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { tools } from '../../../server/adapters/tools/index.ts';
import type { Tool, ToolContext } from '../../../server/core/ports/tool.ts';
import { call, type Ground, rg } from './ground.ts';

/** What the suite needs to know of a tool: inputs that work in the sample workspace, and one that does not. */
export interface Case {
  readonly name: string;
  input(ground: Ground): Promise<unknown>;
  readonly wrong: unknown;
  /** The field that the failure names. */
  readonly field: string;
  /** A file that the call changes, where there is one. */
  readonly changes?: string;
  /** What the context says beside its own, as the answer to a question. */
  readonly context?: Partial<ToolContext>;
  /** Which suite shows the running, and why this one cannot. */
  readonly elsewhere?: string;
}

const versionOf = async (ground: Ground, file: string) => hash('sha256', await ground.read(file));

/** Every built-in tool, in the order in which they are listed. */
export const cases: readonly Case[] = [
  { name: 'list_files', input: async () => ({ path: 'docs' }), wrong: { path: 7 }, field: 'path' },
  {
    name: 'search_text',
    input: async () => ({ pattern: 'harbou?r' }),
    wrong: { pattern: '' },
    field: 'pattern',
  },
  {
    name: 'read_file',
    input: async () => ({ path: 'README.md' }),
    wrong: { path: 'a', from: 0 },
    field: 'from',
  },
  {
    name: 'read_output',
    input: async () => ({ call: 'earlier' }),
    wrong: { call: 'earlier', from: 0 },
    field: 'from',
  },
  {
    name: 'write_file',
    input: async (ground) => ({
      path: 'README.md',
      content: '# New\n',
      version: await versionOf(ground, 'README.md'),
    }),
    wrong: { path: 'README.md', content: '', version: 'x' },
    field: 'version',
    changes: 'README.md',
  },
  {
    name: 'edit_file',
    input: async (ground) => ({
      path: 'src/tide.js',
      old: 'share',
      new: 'part',
      all: true,
      version: await versionOf(ground, 'src/tide.js'),
    }),
    wrong: { path: 'a', version: '0'.repeat(64), old: '', new: '' },
    field: 'old',
    changes: 'src/tide.js',
  },
  {
    name: 'delete_file',
    input: async (ground) => ({ path: 'README.md', version: await versionOf(ground, 'README.md') }),
    wrong: { path: 'README.md', version: 7 },
    field: 'version',
    changes: 'README.md',
  },
  {
    name: 'move_file',
    input: async (ground) => ({
      from: 'README.md',
      to: 'old/texts/first.md',
      version: await versionOf(ground, 'README.md'),
    }),
    wrong: { from: 'README.md' },
    field: 'to',
    changes: 'old/texts/first.md',
  },
  {
    name: 'save_deliverable',
    input: async () => ({
      title: 'Notes',
      files: [
        { path: 'notes/a.md', content: '# A' },
        { path: 'readme.md', from: 'README.md' },
      ],
    }),
    wrong: { title: 'x', files: [{ path: 'a' }] },
    field: 'files.0',
  },
  {
    name: 'publish',
    input: async (ground) => {
      const made = await call(ground, named('save_deliverable'), {
        title: 'T',
        files: [{ path: 'index.html', content: '<p>' }],
      });
      return { deliverable: made.result.deliverable?.id };
    },
    wrong: { deliverable: '../x' },
    field: 'deliverable',
    changes: 'public/index.html',
  },
  { name: 'build_site', input: async () => ({}), wrong: { title: '' }, field: 'title' },
  { name: 'release_notes', input: async () => ({}), wrong: { since: '--output=x' }, field: 'since' },
  { name: 'todo_report', input: async () => ({}), wrong: { glob: 1 }, field: 'glob' },
  {
    name: 'workspace_statistics',
    input: async () => ({}),
    wrong: { more: 1 },
    field: 'workspace_statistics',
  },
  { name: 'read_git', input: async () => ({ what: 'log' }), wrong: { what: 'log', of: '-p' }, field: 'of' },
  {
    name: 'commit',
    input: async (ground) => {
      await ground.write('README.md', '# Changed\n');
      return { message: 'docs: change' };
    },
    wrong: { message: ' ' },
    field: 'message',
    elsewhere:
      'commit.test.ts: what it changes is a branch, and git keeps objects and logs of what is undone',
  },
  {
    name: 'switch_branch',
    input: async () => ({ name: 'feature/x', create: true }),
    wrong: { name: '--detach' },
    field: 'name',
    elsewhere: 'switchBranch.test.ts: what it changes is a branch, and git keeps logs of what is undone',
  },
  {
    name: 'fetch_page',
    input: async () => ({ url: 'https://example.com/' }),
    wrong: { url: 7 },
    field: 'url',
    elsewhere: 'fetchPage.test.ts: a test asks no host of the internet',
  },
  {
    name: 'ask_person',
    input: async () => ({ question: 'Which?', choices: ['this', 'that'] }),
    wrong: { question: '' },
    field: 'question',
    context: { answer: 'this' },
  },
];

/** The tools themselves. */
export const all = tools({ rg });

/** The tool of a name. */
export function named(name: string): Tool {
  const tool = all.find((one) => one.name === name);
  assert.ok(tool, `there is a tool ${name}`);
  return tool;
}
