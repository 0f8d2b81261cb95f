import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunPorts } from '../../../server/core/jobRun.ts';
import { type Answering, scripted } from '../conversations/crew.ts';

/** The calls of a job that changes files in every way, one after the other. */
const calls: readonly [tool: string, input: Readonly<Record<string, string>>][] = [
  ['write_file', { path: 'new/deep/file.txt', content: 'new\n' }],
  ['write_file', { path: 'README.md', content: 'All new.\n' }],
  ['move_file', { from: 'docs', to: 'moved/far/docs' }],
  ['write_file', { path: 'moved/far/docs/more/file.txt', content: 'more\n' }],
  ['delete_file', { path: 'src' }],
  ['move_file', { from: 'new/deep/file.txt', to: 'other/place.txt' }],
];

/** What a worker has whose model asks for each of the calls and then is done, whoever works. */
export function filingParts(workspace: string): Pick<RunPorts, 'providers'> {
  const answer: Answering = async ({ messages }) => {
    const [tool, input] = calls[messages.filter(({ role }) => role === 'assistant').length] ?? [];
    if (!tool || !input) return [{ kind: 'text', text: 'Done.' }];
    const file = path.join(workspace, input.path ?? '');
    const before = tool === 'write_file' ? await readFile(file).catch(() => null) : null;
    const version = before ? { version: hash('sha256', before) } : {};
    return [{ kind: 'call', call: `call-${messages.length}`, tool, input: { ...input, ...version } }];
  };
  const { provider } = scripted(...Array.from({ length: 50 }, () => answer));
  return { providers: () => [provider] };
}
