import type { Job } from '../../protocol/job.ts';
import type { Butler } from '../compose.ts';
import { examine } from '../doctor.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printLine, printTable, printTrouble, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';
import { questionText } from './screen.ts';

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
export function jobs({ limit = 20, ...options }: CommonOptions & { limit?: number }): Promise<number> {
  return withButler(options, async (butler) => {
    const found = await butler.store.jobs({ limit });
    if (options.json) for (const job of found) printJson(job);
    else if (found.length === 0)
      process.stdout.write('No jobs yet. Hand one over: butler run <ability> <text>\n');
    else {
      printTable(
        inTrees(found).map(({ depth, job: { id, ability, agent, title, created, ...job } }) => [
          id,
          stateOf(job),
          new Date(created).toISOString().slice(0, 16).replace('T', ' '),
          ability,
          `${'  '.repeat(depth)}${agent ? `${agent}: ${title}` : title}`,
        ]),
      );
      await tellQuestions(butler, found);
    }
    return exitCodes.done;
  });
}

/** What each of the jobs asks, as it is to be approved. */
async function tellQuestions({ store }: Butler, jobs: readonly Job[]): Promise<void> {
  for (const { id, waiting } of jobs) {
    for (const { approval, preview } of waiting > 0 ? await store.pendingApprovals(id) : []) {
      printLine(`\n? ${approval.title} (approval ${approval.id})\n${questionText(approval, preview)}`);
    }
  }
}

function stateOf({ state, waiting, offline }: Pick<Job, 'state' | 'waiting' | 'offline'>): string {
  if (waiting > 0) return 'waiting for you';
  return offline && state === 'running' ? 'waiting for the network' : state.replace('_', ' ');
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
