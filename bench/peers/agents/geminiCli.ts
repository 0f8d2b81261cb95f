import path from 'node:path';
import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, emptyKey, lay } from './settings.ts';

const release = { package: '@google/gemini-cli', version: '0.61.0', program: 'gemini' };
const freely = ['-m', 'gemini-2.5-flash', '--skip-trust', '-y'];

/** Google's agent (https://github.com/google-gemini/gemini-cli). */
export const geminiCli: Agent = {
  name: 'gemini-cli',
  release,
  mark: 'read_file',
  environment: ({ model }) => ({
    GEMINI_API_KEY: emptyKey,
    GOOGLE_GEMINI_BASE_URL: model,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  settle: ({ home }) =>
    lay(home, '.gemini/settings.json', {
      security: { auth: { selectedType: 'gemini-api-key' } },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
    }),
  start: (text, room) => commandOf(room, release, [...freely, '-p', text]),
  resume: (text, room) => commandOf(room, release, [...freely, '--resume', 'latest', '-p', text]),
  read: (file, { workspace }) => ({ name: 'read_file', input: { file_path: path.join(workspace, file) } }),
  step: (number) => ({ name: 'run_shell_command', input: { command: stepCommand(number) } }),
};
