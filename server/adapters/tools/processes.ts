import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import type { Processes } from '../processes/processes.ts';

const Input = z.strictObject({
  id: z.string().optional(),
  end: z.boolean().optional(),
});
type Input = z.infer<typeof Input>;

/** Lists, reads and ends the commands that this job runs in the background. */
export const processesTool = (processes: Processes): Tool<Input> => ({
  name: 'processes',
  description: 'Lists background commands; reads or ends one.',
  input: Input,
  needs: [{ permission: 'run', reason: 'It reads and ends programs that the same job started.' }],
  repeatable: false,
  async plan({ id, end }) {
    if (id === undefined) return good({ title: 'List background commands', ...nothing });
    return good({ title: `${end ? 'End' : 'Read'} background command ${id}`, ...nothing });
  },
  async run({ id, end }, _plan, { job }) {
    const own = processes.list(job);
    if (id === undefined) return good({ output: own.map(lineOf).join('\n') || 'There are none.' });
    if (!own.some((one) => one.id === id)) return bad(failures.notFound('command', id));
    if (end) {
      const ended = await processes.end(id);
      if (!ended.ok) return ended;
    }
    const found = processes.read(id);
    if (!found.ok) return found;
    return good({ output: `${lineOf(found.value.process)}\n${found.value.output}`.trimEnd() });
  },
  reconcile: async () => ({ state: 'notDone' }),
});

const nothing = { effects: [], exactly: null, preview: null } as const;

function lineOf({ id, state, exit, command }: ReturnType<Processes['list']>[number]): string {
  const how = state === 'running' ? 'runs' : exit === null ? 'ended' : `ended with ${exit}`;
  return `${id} ${how}: ${command}`;
}
