import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, contextWindow, emptyKey, lay, modelName } from './settings.ts';

const release = { package: '@earendil-works/pi-coding-agent', version: '0.87.1', program: 'pi' };
const common = ['--provider', 'mock', '--model', modelName];

/** The coding agent of pi (https://github.com/earendil-works/pi). */
export const pi: Agent = {
  name: 'pi',
  release,
  mark: 'read',
  environment: () => ({ PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' }),
  settle: ({ home, model }) => {
    const models = [{ id: modelName, contextWindow, maxTokens: 8192 }];
    const mock = { baseUrl: `${model}/v1`, api: 'openai-completions', apiKey: emptyKey, models };
    lay(home, '.pi/agent/models.json', { providers: { mock } });
  },
  start: (text, room) => commandOf(room, release, [...common, '-p', text]),
  resume: (text, room) => commandOf(room, release, [...common, '-c', '-p', text]),
  read: (path) => ({ name: 'read', input: { path } }),
  step: (number) => ({ name: 'bash', input: { command: stepCommand(number) } }),
};
