import path from 'node:path';
import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, emptyKey, lay } from './settings.ts';

const release = { package: '@anthropic-ai/claude-code', version: '2.1.330', program: 'claude' };
const freely = ['-p', '--allowedTools', 'Bash Read Write Edit', '--'];

/** Anthropic's agent (https://github.com/anthropics/claude-code). */
export const claudeCode: Agent = {
  name: 'claude-code',
  release,
  mark: 'Read',
  environment: ({ model }) => ({
    ANTHROPIC_BASE_URL: model,
    ANTHROPIC_API_KEY: emptyKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
  }),
  settle: ({ home }) => lay(home, '.claude/settings.json', {}),
  start: (text, room) => commandOf(room, release, [...freely, text]),
  resume: (text, room) => commandOf(room, release, ['-c', ...freely, text]),
  read: (file, { workspace }) => ({ name: 'Read', input: { file_path: path.join(workspace, file) } }),
  step: (number) => ({
    name: 'Bash',
    input: { command: stepCommand(number), description: 'Add a line' },
  }),
};
