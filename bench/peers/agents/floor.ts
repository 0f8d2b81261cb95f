import path from 'node:path';
import type { Agent } from '../agent.ts';
import { emptyKey } from './settings.ts';

/** No agent: a bare loop over Anthropic's SDK, which shows what the machine and the harness cost by themselves. */
export const floor: Agent = {
  name: 'floor',
  release: null,
  mark: 'read_file',
  environment: ({ model }) => ({ BUTLER_ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: emptyKey }),
  start: (text, { root, home }) => ({
    file: process.execPath,
    args: [path.join(root, 'build/bench/sdkLoop.mjs'), text, path.join(home, 'session.jsonl')],
  }),
  read: (file) => ({ name: 'read_file', input: { path: file } }),
};
