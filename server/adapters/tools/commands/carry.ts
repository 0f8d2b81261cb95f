import { isGuarded, looksSecret } from '../../../core/policy/protections.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import type { Ending } from '../../processes/launch.ts';
import type { Running } from '../../processes/processes.ts';
import type { Hold } from '../../sandbox/commandSandbox.ts';
import { limited } from '../../sandbox/limits.ts';
import type { CommandInput, Order } from './order.ts';
import type { CommandParts } from './parts.ts';

/** A command at work, and what was put aside when it ended. */
export interface Carried extends Running {
  /** Guarded files that came into being meanwhile, and the folder where they lie now. */
  aside(): { readonly files: readonly string[]; readonly folder: string };
}

/** Starts an order in its sandbox, or without one where none holds here and a person said so. */
export async function carry(
  input: CommandInput,
  order: Order,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<Carried>> {
  const hold = await walls(order, parts, context);
  if (!hold.ok) return hold;
  const { file, args, environment, settle } = hold.value;
  if (context.signal.aborted) {
    await settle();
    return bad(failures.cancelled('The command was not run.'));
  }
  let put: { aside: readonly string[]; folder: string } = { aside: [], folder: '' };
  const running = parts.processes.begin({
    process: {
      id: context.execution,
      job: context.job,
      session: context.session,
      command: context.redactor.clean(input.command),
      cwd: order.cwd,
      background: input.background ?? false,
      sandboxed: order.unheld === null,
    },
    launch: {
      file,
      args,
      environment,
      cwd: order.cwd,
      limits: order.limits,
      redactor: context.redactor,
      diesWithUs: order.unheld === null && process.platform === 'linux',
    },
    settle: async () => {
      put = await settle();
    },
  });
  return good({ ...running, aside: () => ({ files: put.aside, folder: put.folder }) });
}

/** Waits for its end; ends it when the job is stopped. */
export async function untilEnd(running: Running, signal: AbortSignal): Promise<Ending> {
  const stop = () => void running.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await running.ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function walls(order: Order, { sandbox }: CommandParts, context: ToolContext): Promise<Outcome<Hold>> {
  const { words, limits, cwd, hosts, effects, environment } = order;
  if (order.unheld !== null) {
    const [file = '', ...args] = process.platform === 'win32' ? words : limited(limits, words);
    return good({ file, args, environment, settle: async () => ({ aside: [], folder: '' }) });
  }
  return sandbox.hold({
    workspace: context.workspace,
    cwd,
    program: words,
    limits,
    hosts,
    mayChange: pathsOf(effects, (one) => one.kind !== 'read' && isGuarded(one.shown)),
    mayRead: pathsOf(effects, (one) => one.kind === 'read' && looksSecret(one.shown)),
    execution: context.execution,
    putsAside: order.putsAside,
    signal: context.signal,
  });
}

type FileEffect = Extract<Effect, { kind: 'read' | 'write' | 'delete' }>;

/** Paths of the workspace that the command names and that were decided on by themselves. */
function pathsOf(effects: readonly Effect[], wanted: (effect: FileEffect) => boolean): string[] {
  return effects.flatMap((effect) => {
    const isFile = effect.kind === 'read' || effect.kind === 'write' || effect.kind === 'delete';
    return isFile && effect.place === 'workspace' && wanted(effect) ? [effect.path] : [];
  });
}
