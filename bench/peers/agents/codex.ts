import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, emptyKey, lay } from './settings.ts';

const release = { package: '@openai/codex', version: '0.169.0', program: 'codex' };
const freely = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];

/** OpenAI's agent (https://github.com/openai/codex); it has no tool that reads a file, and runs `cat`. */
export const codex: Agent = {
  name: 'codex',
  release,
  mark: 'exec_command',
  environment: () => ({ MOCK_KEY: emptyKey }),
  settle: ({ home, model }) => lay(home, '.codex/config.toml', configOf(model)),
  start: (text, room) => commandOf(room, release, ['exec', ...freely, text]),
  resume: (text, room) => commandOf(room, release, ['exec', 'resume', '--last', ...freely, text]),
  read: (file) => ({ name: 'exec_command', input: { cmd: `cat ${file}` } }),
  step: (number) => ({ name: 'exec_command', input: { cmd: stepCommand(number) } }),
};

const configOf = (model: string): string => `model = "gpt-5.1-codex"
model_provider = "mock"
check_for_update_on_startup = false
[analytics]
enabled = false
[feedback]
enabled = false
[model_providers.mock]
name = "mock"
base_url = "${model}/v1"
env_key = "MOCK_KEY"
wire_api = "responses"
supports_websockets = false
`;
