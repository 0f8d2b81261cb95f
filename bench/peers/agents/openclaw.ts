import { type Agent, type Command, type Room, stepCommand } from '../agent.ts';
import { commandOf, contextWindow, emptyKey, lay, modelName } from './settings.ts';

const release = { package: 'openclaw', version: '2026.9.6', program: 'openclaw' };

/** OpenClaw (https://github.com/openclaw/openclaw); a job goes on where its session is named again. */
export const openclaw: Agent = {
  name: 'openclaw',
  release,
  mark: 'read',
  environment: () => ({ OPENCLAW_NO_RESPAWN: '', OPENCLAW_DISABLE_UPDATE_CHECK: '1' }),
  settle: (room) => lay(room.home, '.openclaw/openclaw.json', settingsFor(room)),
  start: tell,
  resume: tell,
  read: (path) => ({ name: 'read', input: { path } }),
  step: (number) => ({ name: 'exec', input: { command: stepCommand(number) } }),
};

function tell(text: string, room: Room): Command {
  return commandOf(room, release, ['agent', '--local', '--session-id', room.session, '-m', text]);
}

function settingsFor({ model, workspace }: Room): object {
  const mock = {
    baseUrl: `${model}/v1`,
    apiKey: emptyKey,
    api: 'openai-completions',
    models: [
      {
        id: modelName,
        name: modelName,
        reasoning: false,
        input: ['text'],
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        contextWindow,
        maxTokens: 8192,
      },
    ],
  };
  const defaults = { model: { primary: `mock/${modelName}` }, workspace };
  return { models: { providers: { mock } }, agents: { defaults } };
}
