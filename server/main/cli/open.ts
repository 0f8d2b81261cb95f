import { realpath, stat } from 'node:fs/promises';
import type { Passing } from '../../core/jobRun.ts';
import type { Failure } from '../../protocol/failure.ts';
import { revealed } from '../../protocol/reveal.ts';
import { terminalBrowser } from '../browser.ts';
import { type Butler, compose } from '../compose.ts';
import { readConfig } from '../config.ts';
import { storeFault } from '../damage.ts';
import { exitCodes } from './exitCodes.ts';
import { failedWords, mendWords } from './failureWords.ts';
import type { CommonOptions } from './options.ts';

/** The actor under which the terminal's person stands in the journal. */
export const actor = 'person:terminal';

/** Opens the butler for one command, hands it over, and closes it whatever happens. */
export async function withButler(
  options: CommonOptions,
  work: (butler: Butler, workspace: string) => Promise<number>,
  emit: (passing: Passing) => void = () => undefined,
): Promise<number> {
  const wanted = options.workspace ?? process.cwd();
  const workspace = await realpath(wanted).catch(() => null);
  if (!workspace || !(await stat(workspace)).isDirectory()) {
    return tellFailure(options, {
      kind: 'invalid',
      field: 'workspace',
      what: `There is no folder "${wanted}".`,
      mend: 'Name a folder that exists.',
    });
  }
  const composed = await compose({
    config: readConfig({ environment: process.env, storeFolder: options.store }),
    environment: process.env,
    workspaces: () => [workspace],
    mode: () => 'ask',
    editor: null,
    editorSecrets: null,
    openInBrowser: terminalBrowser(printTrouble, process.stdin.isTTY && process.stderr.isTTY),
    emit,
    report: (what, cause) => printTrouble(`${what}: ${describe(cause)}`),
  });
  if (!composed.ok) return tellFailure(options, composed.failure);
  try {
    return await work(composed.value, workspace);
  } catch (error) {
    return tellFailure(options, storeFault(error));
  } finally {
    await composed.value.close();
  }
}

/** Says what failed and what mends it, on stderr or as a JSON line; answers the exit status. */
export function tellFailure(options: CommonOptions, failure: Failure): number {
  if (options.json) printJson({ failure });
  else printTrouble(`${failedWords(failure)}\n${mendWords(failure)}`);
  return failure.kind === 'invalid' || failure.kind === 'notFound' ? exitCodes.usage : exitCodes.failed;
}

/** Prints text for a person; nothing in it can steer the terminal. */
export function printLine(text: string): void {
  process.stdout.write(`${revealed(text)}\n`);
}

/** The same for what went wrong. */
export function printTrouble(text: string): void {
  process.stderr.write(`${revealed(text)}\n`);
}

/** Prints one JSON line; what could steer a terminal or hide there is written as `\u009b`, which says the same. */
export function printJson(value: unknown): void {
  const spelled = JSON.stringify(value).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
    [...Array(one.length).keys()]
      .map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  process.stdout.write(`${spelled}\n`);
}

/** Prints CSV as it is; on a terminal nothing in it can steer that. */
export function printCsv(text: string): void {
  process.stdout.write(process.stdout.isTTY ? revealed(text.replaceAll('\r\n', '\n')) : text);
}

/** Prints rows as aligned columns; nothing in them can steer the terminal. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const shown = rows.map((row) => row.map((cell) => revealed(cell).replaceAll('\n', ' ')));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of shown) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}

function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'object' ? JSON.stringify(cause) : String(cause);
}
