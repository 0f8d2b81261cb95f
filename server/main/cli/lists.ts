import type { Job } from '../../protocol/job.ts';
import { examine } from '../doctor.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printLine, printTable, printTrouble, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Lists the Abilities and what is wrong in their files. */
export function abilities(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const { abilities, problems } = await butler.abilities();
    if (options.json) for (const ability of abilities) printJson(ability);
    else {
      printTable(
        abilities.map(({ id, name, deliverable, target, provider, origin }) => [
          id,
          name,
          `${deliverable} → ${target.type}`,
          provider,
          origin,
        ]),
      );
    }
    for (const { file, line, message } of problems) printTrouble(`${file}:${line} ${message}`);
    return problems.length > 0 ? exitCodes.failed : exitCodes.done;
  });
}

/** Lists jobs, newest first, each with those of its specialists below it. */
export function jobs(options: CommonOptions & { limit?: string }): Promise<number> {
  return withButler(options, async (butler) => {
    const limit = Math.min(1000, Math.max(1, Number.parseInt(options.limit ?? '20', 10) || 20));
    const found = await butler.store.jobs({ limit });
    if (options.json) for (const job of found) printJson(job);
    else if (found.length === 0)
      process.stdout.write('No jobs yet. Hand one over: butler run <ability> <text>\n');
    else {
      printTable(
        inTrees(found).map(({ depth, job: { id, state, waiting, ability, agent, title, created } }) => [
          id,
          waiting > 0 ? 'waiting for you' : state.replace('_', ' '),
          new Date(created).toISOString().slice(0, 16).replace('T', ' '),
          ability,
          `${'  '.repeat(depth)}${agent ? `${agent}: ${title}` : title}`,
        ]),
      );
    }
    return exitCodes.done;
  });
}

/** Each job before those that it handed to specialists, and how deep these are below it. */
function inTrees(jobs: readonly Job[]): { depth: number; job: Job }[] {
  const isListed = (id: string | null) => jobs.some((job) => job.id === id);
  const tree = (job: Job, depth: number): { depth: number; job: Job }[] => {
    const children = jobs.filter(({ parent }) => parent === job.id).toReversed();
    return [{ depth, job }, ...children.flatMap((child) => tree(child, depth + 1))];
  };
  return jobs.filter(({ parent }) => !isListed(parent)).flatMap((job) => tree(job, 0));
}

const marks = { ok: '✓', note: '•', wrong: '✗' } as const;

/** Checks everything and says what mends it. */
export function doctor(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const findings = await examine(butler);
    for (const finding of findings) {
      if (options.json) printJson(finding);
      else {
        const mend = finding.mend ? `\n    ${finding.mend}` : '';
        printLine(`${marks[finding.state]} ${finding.subject}: ${finding.what}${mend}`);
      }
    }
    return findings.some(({ state }) => state === 'wrong') ? exitCodes.failed : exitCodes.done;
  });
}
