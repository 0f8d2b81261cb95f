import path from 'node:path';
import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, emptyKey, lay, modelName } from './settings.ts';

const release = { package: '@qwen-code/qwen-code', version: '0.24.4', program: 'qwen' };
const freely = ['-y', '--auth-type', 'openai'];

/** The agent of Qwen (https://github.com/QwenLM/qwen-code). */
export const qwenCode: Agent = {
  name: 'qwen-code',
  release,
  mark: 'agent',
  environment: ({ model }) => ({
    OPENAI_API_KEY: emptyKey,
    OPENAI_BASE_URL: `${model}/v1`,
    OPENAI_MODEL: modelName,
  }),
  settle: ({ home }) =>
    lay(home, '.qwen/settings.json', {
      security: { auth: { selectedType: 'openai' } },
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    }),
  start: (text, room) => commandOf(room, release, [...freely, text]),
  resume: (text, room) => commandOf(room, release, [...freely, '--continue', text]),
  read: (file, { workspace }) => ({ name: 'read_file', input: { file_path: path.join(workspace, file) } }),
  step: (number) => ({
    name: 'run_shell_command',
    input: { command: stepCommand(number), is_background: false },
  }),
};
