import path from 'node:path';
import { type Agent, type Release, stepCommand } from '../agent.ts';
import { commandOf, contextWindow, emptyKey, lay, modelName } from './settings.ts';

const model = ['-m', `mock/${modelName}`];

/** What opencode and the agents made from it have in common; `prefix` is that of their variables. */
export const openCodeFamily = (name: string, release: Release, prefix: string): Agent => ({
  name,
  release,
  mark: 'read',
  environment: ({ home }) => ({
    [`${prefix}_CONFIG`]: path.join(home, 'settings.json'),
    [`${prefix}_DISABLE_AUTOUPDATE`]: '1',
    [`${prefix}_DISABLE_MODELS_FETCH`]: '1',
    [`${prefix}_DISABLE_LSP_DOWNLOAD`]: '1',
    [`${prefix}_TELEMETRY_LEVEL`]: 'off',
  }),
  settle: (room) => lay(room.home, 'settings.json', settingsFor(room.model)),
  start: (text, room) => commandOf(room, release, ['run', ...model, text]),
  resume: (text, room) => commandOf(room, release, ['run', '-c', ...model, text]),
  read: (file, { workspace }) => ({ name: 'read', input: { filePath: path.join(workspace, file) } }),
  step: (number) => ({
    name: 'bash',
    input: { command: stepCommand(number), description: 'Add a line' },
  }),
});

function settingsFor(address: string): object {
  const limit = { context: contextWindow, output: 8192 };
  const mock = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Mock',
    options: { baseURL: `${address}/v1`, apiKey: emptyKey },
    models: { [modelName]: { name: modelName, tool_call: true, limit } },
  };
  return {
    provider: { mock },
    model: `mock/${modelName}`,
    small_model: `mock/${modelName}`,
    autoupdate: false,
    share: 'disabled',
    permission: { '*': 'allow' },
  };
}
