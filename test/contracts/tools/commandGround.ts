import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openProcesses, type Processes } from '../../../server/adapters/processes/processes.ts';
import type { CommandSandbox } from '../../../server/adapters/sandbox/commandSandbox.ts';
import { openSandbox } from '../../../server/adapters/sandbox/openSandbox.ts';
import { createShellParser } from '../../../server/adapters/shells/treeSitter.ts';
import { openSnapshots } from '../../../server/adapters/snapshots/snapshots.ts';
import type { CommandParts } from '../../../server/adapters/tools/commands/parts.ts';
import { processesTool } from '../../../server/adapters/tools/processes.ts';
import { runCommand } from '../../../server/adapters/tools/runCommand.ts';
import { understand } from '../../../server/core/command/read.ts';
import type { Tool, ToolContext, ToolPlan, ToolResult } from '../../../server/core/ports/tool.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import { type Ground, makeGround, rg, value } from './ground.ts';

/** A ground on which commands are run as the agent loop runs them. */
export interface CommandGround extends AsyncDisposable {
  readonly ground: Ground;
  readonly parts: CommandParts;
  readonly tool: Tool;
  readonly processesTool: Tool;
  readonly processes: Processes;
  readonly sandbox: CommandSandbox;
  plan(input: Record<string, unknown>, context?: ToolContext): Promise<Outcome<ToolPlan>>;
  run(input: Record<string, unknown>, context?: ToolContext): Promise<Outcome<ToolResult>>;
}

/** Makes one; `programs: []` is a machine on which nothing can hold a command. */
export async function makeCommandGround(
  given: {
    readonly files?: Record<string, string>;
    readonly programs?: readonly string[];
    /** The ground to stand on, where a killed worker left one. */
    readonly ground?: Ground;
  } = {},
): Promise<CommandGround> {
  const ground = given.ground ?? (await makeGround(given.files ?? {}));
  const own = path.join(ground.workspace, '../own');
  const home = path.join(own, 'home');
  await mkdir(home, { recursive: true });
  const environment = { ...process.env, SECRET_CANARY: 'canary' };
  const programs = given.programs ? { programs: given.programs } : {};
  const sandbox = openSandbox({ home, ownFolders: [own], environment, rg, ...programs });
  const processes = openProcesses(() => Date.now());
  const parts: CommandParts = {
    sandbox,
    processes,
    snapshots: openSnapshots({ home }),
    parser: createShellParser(),
    understand,
    environment,
  };
  const tool = runCommand(parts) as Tool;
  return {
    ground,
    parts,
    tool,
    processesTool: processesTool(processes) as Tool,
    processes,
    sandbox,
    plan: (input, context = ground.context()) => tool.plan(tool.input.parse(input), context),
    run: async (input, context = ground.context()) => {
      const parsed = tool.input.parse(input);
      return tool.run(parsed, value(await tool.plan(parsed, context)), context);
    },
    [Symbol.asyncDispose]: async () => {
      await processes.close();
      await sandbox.close();
      await ground[Symbol.asyncDispose]();
    },
  };
}
