import type { Act } from '../../protocol/activity.ts';
import { exportActs, queryActs } from '../activity.ts';
import { exitCodes } from './exitCodes.ts';
import { printCsv, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface ActivityOptions extends CommonOptions {
  readonly limit?: number;
  readonly csv?: boolean;
}

/** Shows what was done: the newest acts that a question in words finds, or all of them as CSV. */
export function activity(options: ActivityOptions, words: readonly string[]): Promise<number> {
  const query = words.join(' ');
  return withButler(options, async (butler) => {
    if (options.csv) {
      const all = await exportActs(butler, { query, form: 'csv' });
      if (!all.ok) return tellFailure(options, all.failure);
      printCsv(all.value.content);
      return exitCodes.done;
    }
    const { limit = 50 } = options;
    const acts: Act[] = [];
    let understood = '';
    for (let before: number | undefined; ; ) {
      const found = await queryActs(butler, {
        query,
        limit: limit - acts.length,
        ...(before ? { before } : {}),
      });
      if (!found.ok) return tellFailure(options, found.failure);
      acts.push(...found.value.acts);
      understood = found.value.understood;
      before = found.value.next;
      if (before === undefined || acts.length >= limit) break;
    }
    if (options.json) for (const act of acts) printJson(act);
    else {
      printLine(`${acts.length} of: ${understood}`);
      printTable(acts.map(row));
    }
    return exitCodes.done;
  });
}

function row({ time, actor, title, outcome, note }: Act): string[] {
  const when = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  return [when, actor, outcome, title, note];
}
