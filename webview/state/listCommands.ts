import { listProcesses, readProcess } from '../../server/protocol/process.ts';
import { commandRead, withoutDead } from './commands.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Commands whose output is read at once. */
const most = 40;

/** Lists the commands that run, and reads what they wrote before the page knew of them. */
export async function listCommands(state: PageState, send: Send): Promise<void> {
  const listed = await send(listProcesses, {});
  if (!listed.ok) return;
  const alive = new Set(listed.value.processes.map(({ id }) => id));
  state.commands.value = withoutDead(state.commands.value, alive);
  const unknown = listed.value.processes.filter(({ id }) => !state.commands.value[id]).slice(-most);
  const read = await Promise.all(unknown.map(({ id }) => send(readProcess, { id })));
  state.commands.value = read.reduce(
    (commands, one) => (one.ok ? commandRead(commands, one.value) : commands),
    state.commands.value,
  );
}
