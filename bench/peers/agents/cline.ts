import path from 'node:path';
import { type Agent, stepCommand } from '../agent.ts';
import { commandOf, emptyKey, modelName } from './settings.ts';

const release = { package: 'cline', version: '3.0.65', program: 'cline' };
const provider = ['-P', 'openai-compatible', '-m', modelName, '--compaction', 'off'];

/** The command line of Cline (https://github.com/cline/cline); it goes on with an earlier job only where a person types at a terminal. */
export const cline: Agent = {
  name: 'cline',
  release,
  mark: 'read_files',
  environment: () => ({ CLINE_TELEMETRY_DISABLED: '1', CLINE_NO_AUTO_UPDATE: '1' }),
  prepare: (room) => {
    const account = ['-p', 'openai-compatible', '-k', emptyKey, '-m', modelName];
    return [commandOf(room, release, ['auth', ...account, '-b', `${room.model}/v1`])];
  },
  start: (text, room) => commandOf(room, release, [...provider, text]),
  read: (file, { workspace }) => ({
    name: 'read_files',
    input: { files: [{ path: path.join(workspace, file) }] },
  }),
  step: (number) => ({ name: 'run_commands', input: { commands: [stepCommand(number)] } }),
};
