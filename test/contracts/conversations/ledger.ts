import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { good } from '../../../server/protocol/failure.ts';

/** A file to which a tool adds a line each time that it is run, whoever runs it. */
export interface Ledger {
  readonly tool: Tool<{ line: string }>;
  /** The lines of a job, as they stand in the file. */
  lines(job: string): Promise<string[]>;
}

/** What the tool says when the line is in the file. */
export const written = 'The line is written.';

/** The file's name. */
export const ledgerFile = 'ledger.txt';

/** Lays a ledger in a folder; a line that is written twice stands there twice. */
export function layLedger(folder: string): Ledger {
  const file = path.join(folder, ledgerFile);
  const read = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const result = { output: written };
  const tool: Tool<{ line: string }> = {
    name: 'write_line',
    description: 'Adds a line to the ledger.',
    input: z.strictObject({ line: z.string().min(1) }),
    repeatable: false,
    plan: async ({ line }) =>
      good({
        title: `Write "${line}"`,
        effects: [{ kind: 'write', path: file, shown: ledgerFile, place: 'workspace', reversible: true }],
        exactly: line,
        preview: null,
      }),
    run: async ({ line }, _plan, { job, execution }) => {
      await appendFile(file, `${job} ${execution} ${line}\n`);
      return good(result);
    },
    reconcile: async (_input, { execution }) =>
      (await read()).some((line) => line.includes(` ${execution} `))
        ? { state: 'done', result }
        : { state: 'notDone' },
  };
  return {
    tool,
    lines: async (job) => {
      const all = (await read()).map((line) => line.split(' '));
      return all.filter(([of]) => of === job).map(([, , ...words]) => words.join(' '));
    },
  };
}
