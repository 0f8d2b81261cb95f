import path from 'node:path';
import { type Agent, type Room, stepCommand } from '../agent.ts';
import { commandOf, contextWindow, emptyKey, lay, modelName } from './settings.ts';

const release = { package: '@continuedev/cli', version: '1.5.47', program: 'cn' };
const freely = ({ home }: Room) => ['--config', path.join(home, 'settings.yaml'), '--auto'];

/** The command line of Continue (https://github.com/continuedev/continue). */
export const continueCli: Agent = {
  name: 'continue',
  release,
  mark: 'Read',
  environment: () => ({
    CONTINUE_METRICS_ENABLED: '0',
    CONTINUE_CLI_ENABLE_TELEMETRY: '0',
    CONTINUE_CLI_AUTO_UPDATED: '1',
  }),
  settle: ({ home, model }) => lay(home, 'settings.yaml', settingsFor(model)),
  start: (text, room) => commandOf(room, release, [...freely(room), '-p', text]),
  resume: (text, room) => commandOf(room, release, [...freely(room), '--resume', '-p', text]),
  read: (file, { workspace }) => ({ name: 'Read', input: { filepath: path.join(workspace, file) } }),
  step: (number) => ({ name: 'Bash', input: { command: stepCommand(number) } }),
};

const settingsFor = (model: string): string => `name: mock
version: 0.0.1
schema: v1
models:
  - name: ${modelName}
    provider: openai
    model: ${modelName}
    apiKey: ${emptyKey}
    apiBase: ${model}/v1
    roles: [chat]
    capabilities: [tool_use]
    defaultCompletionOptions: {contextLength: ${contextWindow}, maxTokens: 8192}
`;
