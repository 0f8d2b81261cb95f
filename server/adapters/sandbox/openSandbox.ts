import { bad, failures } from '../../protocol/failure.ts';
import type { CommandSandbox } from './commandSandbox.ts';
import { linuxSandbox } from './linuxSandbox.ts';
import { macSandbox } from './macSandbox.ts';
import type { SandboxGround } from './sandboxGround.ts';

/** The sandbox of this platform; where there is none, one that says so and holds nothing. */
export function openSandbox(ground: SandboxGround): CommandSandbox {
  if (process.platform === 'linux') return linuxSandbox(ground);
  if (process.platform === 'darwin') return macSandbox(ground);
  return noSandbox;
}

const why = 'There is no sandbox for this system, so nothing can hold a command here.';
const mend = 'Open the folder in WSL, in a container or on another machine to have commands held.';
const lacking = bad(failures.tool(why, mend));

const noSandbox: CommandSandbox = {
  scratch: null,
  state: async () => ({ holds: false, why, mend }),
  check: async () => lacking,
  hold: async () => lacking,
  close: async () => {},
};
