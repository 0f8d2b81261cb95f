import { examine } from '../doctor.ts';
import { exitCodes } from './exitCodes.ts';
import { printJson, printTable, withButler } from './open.ts';
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
    for (const { file, line, message } of problems) process.stderr.write(`${file}:${line} ${message}\n`);
    return problems.length > 0 ? exitCodes.failed : exitCodes.done;
  });
}

/** Lists jobs, newest first. */
export function jobs(options: CommonOptions & { limit?: string }): Promise<number> {
  return withButler(options, async (butler) => {
    const limit = Math.min(1000, Math.max(1, Number.parseInt(options.limit ?? '20', 10) || 20));
    const found = await butler.store.jobs({ limit });
    if (options.json) for (const job of found) printJson(job);
    else if (found.length === 0)
      process.stdout.write('No jobs yet. Hand one over: butler run <ability> <text>\n');
    else {
      printTable(
        found.map(({ id, state, waiting, ability, title, created }) => [
          id,
          waiting > 0 ? 'waiting for you' : state.replace('_', ' '),
          new Date(created).toISOString().slice(0, 16).replace('T', ' '),
          ability,
          title,
        ]),
      );
    }
    return exitCodes.done;
  });
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
        process.stdout.write(`${marks[finding.state]} ${finding.subject}: ${finding.what}${mend}\n`);
      }
    }
    return findings.some(({ state }) => state === 'wrong') ? exitCodes.failed : exitCodes.done;
  });
}
