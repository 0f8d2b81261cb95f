import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ParamsOf } from '../../../server/protocol/message.ts';
import { setSecret } from '../../../server/protocol/provider.ts';
import { type Agent, type Command, logFile, type Room } from '../agent.ts';
import { logHead } from '../layRoom.ts';
import { emptyKey, lay, modelName } from './settings.ts';

const key: ParamsOf<typeof setSecret> = { provider: 'anthropic', value: emptyKey };

/** What the others bring by themselves too: files, search and commands. */
const tools = [
  'list_files',
  'search_text',
  'read_file',
  'read_output',
  'write_file',
  'edit_file',
  'run_command',
];

/** Ours: the command line as it ships; after a crash the next worker that opens the folder takes over by itself. */
export const butler: Agent = {
  name: 'butler',
  release: null,
  mark: 'read_file',
  environment: ({ model, home }) => ({
    BUTLER_HOME: path.join(home, 'store'),
    BUTLER_KEYCHAIN: 'off',
    BUTLER_ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: emptyKey,
  }),
  settle: ({ workspace }) => {
    const what = { provider: 'anthropic', model: modelName, deliverable: 'document', tools };
    lay(workspace, '.butler/abilities.json', { abilities: [{ id: 'bench', name: 'Bench', ...what }] });
  },
  prepare: (room) => [worker(room, '"id":2', [{ id: 2, method: setSecret.method, params: key }])],
  start: (text, { root }) => ({
    file: process.execPath,
    args: [path.join(root, 'dist/butler.mjs'), 'run', 'bench', text, '--yes'],
  }),
  resume: (_, room) => worker(room, '"type":"job.completed"', []),
  read: (file) => ({ name: 'read_file', input: { path: file } }),
  step: (number) => {
    const lines = Array.from({ length: number - 1 }, (_, index) => `step${index + 1}\n`);
    const last = lines.at(-1) ?? logHead;
    const version = createHash('sha256')
      .update(`${logHead}${lines.join('')}`)
      .digest('hex');
    return { name: 'edit_file', input: { path: logFile, version, old: last, new: `${last}step${number}\n` } };
  },
};

/** The worker as an editor starts it, in the mode that does what can be undone without asking. */
function worker({ root, workspace }: Room, until: string, messages: readonly object[]): Command {
  const params = {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: 'bench' }],
    initializationOptions: { trusted: true, mode: 'assisted', approvals: true, surface: 'bench' },
  };
  const greeting = [
    { id: 1, method: 'initialize', params },
    { method: 'initialized', params: {} },
    ...messages,
  ];
  const farewell = [{ id: 99, method: 'shutdown' }, { method: 'exit' }];
  return {
    file: process.execPath,
    args: [path.join(root, 'dist/worker.mjs'), '--stdio'],
    dialogue: { greeting: framed(greeting), until, farewell: framed(farewell) },
  };
}

const framed = (messages: readonly object[]): string =>
  messages
    .map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }))
    .map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    .join('');
