import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { canonical } from '../../core/canonical.ts';
import type { Tool, ToolContext, ToolResult } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Ending } from '../processes/launch.ts';
import { longestSeconds } from '../sandbox/limits.ts';
import type { Before, Changed } from '../snapshots/snapshots.ts';
import { type Carried, carry, untilEnd } from './commands/carry.ts';
import { endingWords } from './commands/endingWords.ts';
import { type Order, orderOf, orderShown } from './commands/order.ts';
import type { CommandParts } from './commands/parts.ts';

const longestCommand = 20_000;
const mostHosts = 50;

/** Checked without words of JSON Schema where those would only make every request longer. */
const Input = z.strictObject({
  command: z
    .string()
    .trim()
    .refine((text) => text !== '' && text.length <= longestCommand, `must be 1 to ${longestCommand} long`),
  cwd: z.string().optional(),
  background: z.boolean().optional(),
  hosts: z
    .array(z.string().refine(isHost, 'must be a plain host, as "example.org" or "localhost:8080"'))
    .refine((hosts) => hosts.length <= mostHosts, `must be ${mostHosts} at most`)
    .optional()
    .describe('to reach'),
  seconds: z.number().refine(isTime, `must be a whole number from 1 to ${longestSeconds}`).optional(),
});
type Input = z.infer<typeof Input>;

/** How long the start of a background command is watched, in ms: most mistakes show at once. */
const firstLook = 500;
/** How long the state after a command may take to be kept, in ms, also when the job was stopped. */
const keepTime = 120_000;

/** Runs a shell command, held by a sandbox where there is one. */
export const runCommand = (parts: CommandParts): Tool<Input> => ({
  name: 'run_command',
  description: 'Runs a shell command.',
  input: Input,
  needs: [
    { permission: 'run', reason: 'It runs programs of this machine.' },
    { permission: 'read', reason: 'Programs read files of the workspace.' },
    { permission: 'write', reason: 'Programs write files of the workspace.' },
    { permission: 'delete', reason: 'Programs delete files of the workspace.' },
    { permission: 'network', reason: 'Programs reach the hosts that were allowed.' },
  ],
  repeatable: false,
  async plan(input, context) {
    const order = await orderOf(input, parts, context);
    if (!order.ok) return order;
    return good({
      title: titleOf(input.command),
      effects: order.value.effects,
      exactly: order.value.exactly,
      preview: { kind: 'text', text: orderShown(input, order.value) },
    });
  },
  async run(input, plan, context) {
    const order = await orderOf(input, parts, context);
    if (!order.ok) return order;
    const { exactly, effects } = order.value;
    if (canonical({ exactly, effects }) !== canonical({ exactly: plan.exactly, effects: plan.effects })) {
      return bad(failures.conflict('What the command would do changed since it was planned.', 'Try again.'));
    }
    return input.background
      ? runBehind(input, order.value, parts, context)
      : runThrough(input, order.value, parts, context);
  },
  ...(parts.snapshots
    ? {
        leaves: 'What ignore files name, and what git keeps in .git, was not looked at.',
        undo: (undo, context) => parts.snapshots?.undo(undo, context) ?? nothingKept,
        redo: (undo, context) => parts.snapshots?.redo(undo, context) ?? nothingKept,
        differences: (undo, context, way) =>
          parts.snapshots?.differences(undo, context, way) ?? Promise.resolve([]),
      }
    : {}),
});

/** Runs to the end, with the workspace kept before and after. */
async function runThrough(
  input: Input,
  order: Order,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const { workspace, execution, signal } = context;
  const before = order.lasting === null ? await parts.snapshots?.take(workspace, execution, signal) : null;
  if (before && !before.ok) return before;
  const carried = await carry(input, order, parts, context);
  if (!carried.ok) return carried;
  const ending = await untilEnd(carried.value, signal);
  const changed = await keptChange(before?.value ?? null, parts, context);
  if (signal.aborted && (signal.reason !== 'abort' || !changed.value)) {
    return bad(failures.cancelled('The command was stopped before its end.'));
  }
  const output = `${wordsOf(ending, carried.value, order)}${changed.fault}`;
  return good({ output, ...(changed.value ? { undo: changed.value.undo } : {}) });
}

/** Starts it and leaves it at work; whoever wants to know more asks the tool for processes. */
async function runBehind(
  input: Input,
  order: Order,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const carried = await carry(input, order, parts, context);
  if (!carried.ok) return carried;
  const first = await Promise.race([carried.value.ended, pause(firstLook, null)]);
  if (first) return good({ output: wordsOf(first, carried.value, order) });
  const output = carried.value.output();
  return good({ output: `It runs in the background as "${context.execution}".${output && `\n${output}`}` });
}

/** What undo wants; a change that could not be kept is told, and nothing more can be done about it. */
async function keptChange(
  before: Before | null,
  { snapshots }: CommandParts,
  { blobs }: ToolContext,
): Promise<{ value: Changed | null; fault: string }> {
  if (!before || !snapshots) return { value: null, fault: '' };
  const kept = await snapshots.finish(before, { blobs, signal: AbortSignal.timeout(keepTime) });
  if (kept.ok) return { value: kept.value, fault: '' };
  return { value: null, fault: `\nIt cannot be undone: ${kept.failure.what}` };
}

function wordsOf(ending: Ending, carried: Carried, { limits }: Order): string {
  const { files, folder } = carried.aside();
  return endingWords(ending, { output: carried.output(), limits, aside: files, folder });
}

/** One line; of a long command its beginning and its end. */
function titleOf(command: string): string {
  const line = command.replace(/\s*\n\s*/g, ' ⏎ ');
  const shown = line.length > 160 ? `${line.slice(0, 100)} … ${line.slice(-50)}` : line;
  return `Run ${shown.toWellFormed()}`;
}

const nothingKept = Promise.resolve(
  bad(failures.conflict('No snapshots are kept here any more.', 'Take the files from your backup.')),
);

function isHost(given: string): boolean {
  const [name = '', port, ...more] = given.split(':');
  const labels = name.split('.');
  const isName =
    name.length <= 253 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  return isName && more.length === 0 && (port === undefined || /^[1-9]\d{0,4}$/.test(port));
}

function isTime(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= longestSeconds;
}
