import { failures } from '../../protocol/failure.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Lists the plans that need no model. */
export function list(options: CommonOptions): Promise<number> {
  return withButler(options, async ({ playbooks }) => {
    if (options.json) for (const playbook of playbooks) printJson(playbook);
    else printTable(playbooks.map(({ command, title, about }) => [command, title, about]));
    return exitCodes.done;
  });
}

/** Prints one as its file: a text to read, and to copy. */
export function show(options: CommonOptions, name: string): Promise<number> {
  return withButler(options, async ({ playbooks }) => {
    const playbook = playbooks.find(({ command, id }) => name === command || name === id);
    if (!playbook) {
      const mend = `Choose one of: ${playbooks.map(({ command }) => command).join(', ')}.`;
      return tellFailure(options, { ...failures.notFound('playbook', name), mend });
    }
    if (options.json) printJson(playbook);
    else printLine(JSON.stringify(playbook, null, 2));
    return exitCodes.done;
  });
}
