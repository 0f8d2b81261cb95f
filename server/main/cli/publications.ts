import { exitCodes } from './exitCodes.ts';
import { printJson, printLine, printTable, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface ListOptions extends CommonOptions {
  readonly limit?: number;
  readonly ability?: string;
  readonly target?: string;
  readonly deliverable?: string;
}

/** Lists what was published: when, whether it stands, by which job, from how many files, and where. */
export function list({ limit = 50, ability, target, deliverable, ...options }: ListOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const found = await butler.store.publications({
      ...(ability === undefined ? {} : { ability }),
      ...(target === undefined ? {} : { target }),
      ...(deliverable === undefined ? {} : { deliverable }),
      limit,
    });
    if (options.json) for (const one of found) printJson(one);
    else if (found.length === 0) printLine('Nothing was published yet.');
    else {
      printTable(
        found.map(({ publication, undone, stands, ...one }) => [
          new Date(publication.time).toISOString().slice(0, 16).replace('T', ' '),
          stands ? 'published' : undone === null ? 'replaced' : 'taken back',
          one.ability,
          one.job,
          `${one.files} ${one.files === 1 ? 'file' : 'files'}`,
          publication.location,
          one.title,
        ]),
      );
    }
    return exitCodes.done;
  });
}
