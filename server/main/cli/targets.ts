import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import * as z from 'zod';
import { findAbility } from '../../core/abilities.ts';
import type { Credential } from '../../core/ports/target.ts';
import * as core from '../../core/targets.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { CredentialField, TargetAccount } from '../../protocol/target.ts';
import type { Butler } from '../compose.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

/** Lists the kinds of targets and the accounts that are connected. */
export function list(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const accounts = Object.values(await butler.store.kept('targetAccount'));
    if (options.json) {
      for (const { name, title, about } of butler.targets) printJson({ name, title, about });
      for (const account of accounts) printJson({ account });
      return exitCodes.done;
    }
    printTable(butler.targets.map(({ name, title, about }) => [name, title, about]));
    printLine(accounts.length > 0 ? '\nConnected accounts:' : '\nNo account is connected.');
    printTable(accounts.map(({ id, target, title }) => [id, target, title]));
    return exitCodes.done;
  });
}

/** Keeps what the target of an Ability wants to know, or signs in to it; a secret is never an argument. */
export function connect(
  signsIn: boolean,
  options: CommonOptions & { stdin?: boolean },
  [ability = '']: readonly string[],
): Promise<number> {
  return withButler(options, async (butler, workspace) => {
    const chosen = await targetOf(butler, ability, workspace);
    if (!chosen.ok) return tellFailure(options, chosen.failure);
    const known = await core.readAccount(butler, chosen.value);
    if (!known.ok) return tellFailure(options, known.failure);
    const { account } = known.value;
    if (!account) {
      const what = `The target of "${ability}" needs no account.`;
      return tellFailure(options, failures.invalid('ability', what, 'Use it as it is.'));
    }
    const values = await valuesFor(options, account);
    if (!values.ok) return tellFailure(options, values.failure);
    const request = { ...chosen.value, values: values.value };
    const kept = await (signsIn ? core.signIn : core.connect)(butler, request, actor);
    if (!kept.ok) return tellFailure(options, kept.failure);
    if (options.json) printJson({ account: account.id, ...kept.value });
    else printLine(`Kept: ${account.title}. ${kept.value.where}`);
    return tellCheck(options, await core.check(butler, { ...chosen.value, workspace }));
  });
}

/** Says what a look at the target of an Ability found. */
export function check(options: CommonOptions, [ability = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler, workspace) => {
    const chosen = await targetOf(butler, ability, workspace);
    if (!chosen.ok) return tellFailure(options, chosen.failure);
    return tellCheck(options, await core.check(butler, { ...chosen.value, workspace }));
  });
}

function tellCheck(options: CommonOptions, checked: Awaited<ReturnType<typeof core.check>>): number {
  if (!checked.ok) return tellFailure(options, checked.failure);
  const { findings } = checked.value;
  for (const finding of findings) {
    if (options.json) printJson(finding);
    else {
      const mend = finding.mend ? `\n    ${finding.mend}` : '';
      printLine(`${finding.good ? '✓' : '✗'} ${finding.what}${mend}`);
    }
  }
  return findings.every(({ good }) => good) ? exitCodes.done : exitCodes.failed;
}

/** Forgets what is kept of an account. */
export function disconnect(options: CommonOptions, [account = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const gone = await core.disconnect(butler, account, actor);
    if (!gone.ok) return tellFailure(options, gone.failure);
    if (options.json) printJson({ disconnected: account });
    else printLine(`Nothing is kept of ${account} any more.`);
    return exitCodes.done;
  });
}

async function targetOf(
  butler: Butler,
  ability: string,
  workspace: string,
): Promise<Outcome<core.ChosenTarget>> {
  const found = await findAbility(butler, ability, workspace);
  if (found) return good({ type: found.target.type, config: found.target.config });
  return bad({ ...failures.notFound('Ability', ability), field: 'ability' });
}

async function valuesFor(
  { stdin, json }: CommonOptions & { stdin?: boolean },
  { title, fields, help }: TargetAccount,
): Promise<Outcome<Credential>> {
  if (stdin) return fieldsIn(await textOf(process.stdin));
  if (fields.length === 0) return good({});
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    const names = fields.map(({ name }) => name).join(', ');
    return bad(failures.invalid('stdin', `${title} wants: ${names}.`, 'Give them as JSON with --stdin.'));
  }
  printLine(help);
  const values: Record<string, string> = {};
  for (const field of fields) {
    const value = await typed(field);
    if (value === null) return bad(failures.cancelled('Nothing was connected.'));
    if (value !== '') values[field.name] = value;
  }
  return good(values);
}

/** What a person types for a field, unseen; of one with several lines the file that holds it is asked for. */
async function typed({ title, description, optional, lines }: CredentialField): Promise<string | null> {
  const { isCancel, password, text } = await import('@clack/prompts');
  const message = `${title}${optional ? ' (may stay empty)' : ''}: ${description}`;
  if (!lines) {
    const value = await password({ message });
    return isCancel(value) ? null : (value ?? '');
  }
  const file = await text({ message: `${message} (the file that holds it)` });
  if (isCancel(file)) return null;
  return file ? readFile(file, 'utf8') : '';
}

function fieldsIn(text: string): Outcome<Credential> {
  const wrong = bad(
    failures.invalid('stdin', 'The input is no JSON object of texts.', 'Give {"field": "value"}.'),
  );
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(text));
    return parsed.success ? good(parsed.data) : wrong;
  } catch {
    return wrong;
  }
}
