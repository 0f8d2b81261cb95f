import { env, l10n, Uri, window, workspace } from 'vscode';
import type { Ability, TargetChoice } from '../server/protocol/ability.ts';
import { bad, failures, good, type Outcome } from '../server/protocol/failure.ts';
import {
  type CredentialField,
  checkTarget,
  connectTarget,
  readTargetAccount,
  signInTarget,
  type TargetAccount,
} from '../server/protocol/target.ts';
import { accountSteps, helpWords, linesFrom, valuesOf, wrongInCredential } from './accountForm.ts';
import { type CheckAction, findingRows } from './accountRows.ts';
import { askStep, choose, whileWaiting } from './askStep.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import { type Answers, fillIn } from './wizard.ts';
import type { Worker } from './worker.ts';

/** A target with its config, and the workspace folder that it publishes from where one is told. */
export interface Goal {
  readonly target: TargetChoice;
  readonly workspace?: string | undefined;
}

/** Where an Ability publishes to. */
export function goalOf({ target, workspace }: Ability): Goal {
  return { target, workspace };
}

/** Offers to connect the account that a target needs, where it is not connected; it can be left for later. */
export async function offerAccount(worker: Worker, goal: Goal): Promise<void> {
  const read = valueOrTell(await worker.send(readTargetAccount, goal.target));
  if (!read?.account || read.connected) return;
  const { title, help } = read.account;
  const answer = await choose(plainText(title, 80), l10n.t('It wants an account. Connect it now?'), [
    { label: `$(key) ${l10n.t('Connect It Now')}`, detail: helpWords(help, language), value: 'now' },
    {
      label: `$(watch) ${l10n.t('Later')}`,
      description: l10n.t('nothing can be published before'),
      value: 'later',
    },
  ]);
  if (answer === 'now') await connectAccount(worker, goal);
}

/** Connects the account of a target where it is not connected, then tries whether it can be published to. */
export async function mendTarget(worker: Worker, goal: Goal): Promise<void> {
  const read = valueOrTell(await worker.send(readTargetAccount, goal.target));
  if (!read) return;
  if (read.account && !read.connected) await connectAccount(worker, goal);
  else await checkConnection(worker, goal, read.account);
}

/** Asks for what an account wants to know, or signs in with the browser, and checks it; says whether it is kept. */
export async function connectAccount(worker: Worker, goal: Goal): Promise<boolean> {
  const read = valueOrTell(await worker.send(readTargetAccount, goal.target));
  if (!read?.account) return false;
  const { account, connected } = read;
  const kept = await fillIn({
    steps: () => accountSteps(account, connected, language),
    ask: askStep(l10n.t('Connect {0}', plainText(account.title, 80))),
    take: async (answers) => {
      const values = await valuesFrom(account, answers);
      return values.ok ? keep(worker, goal, account, values.value) : values;
    },
    refused: (failure) => {
      valueOrTell(bad(failure));
      return failure.field;
    },
  });
  if (!kept) return false;
  window.setStatusBarMessage(
    l10n.t('{0} is connected. {1}', plainText(account.title, 80), kept.where),
    8_000,
  );
  await checkConnection(worker, goal, account);
  return true;
}

async function keep(
  worker: Worker,
  { target }: Goal,
  account: TargetAccount,
  values: Record<string, string>,
): Promise<Outcome<{ where: string }>> {
  const request = { ...target, values };
  if (!account.signIn) return worker.send(connectTarget, request);
  const text = l10n.t('Sign in with the browser that opens; this ends by itself.');
  const ended = await whileWaiting(plainText(account.title, 80), text, (left) =>
    worker.send(signInTarget, request, left),
  );
  return ended ?? bad(brokenOff);
}

const brokenOff = failures.cancelled('It was left before it ended.');

/** Tries a target while that shows, and shows what was found with what mends it, until it is left. */
export async function checkConnection(
  worker: Worker,
  goal: Goal,
  account: TargetAccount | null,
): Promise<void> {
  const { target, workspace: folder } = goal;
  const title = account ? plainText(account.title, 80) : l10n.t('Check the Target');
  const open = workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === folder);
  for (;;) {
    const asked = { ...target, ...(folder && open ? { workspace: folder } : {}) };
    const ended = await whileWaiting(title, l10n.t('The connection is tried…'), (left) =>
      worker.send(checkTarget, asked, left),
    );
    const found = ended && valueOrTell(ended);
    if (!found) return;
    const rows = findingRows(found.findings, account !== null, language);
    const action = await choose(title, l10n.t('What the check found'), rows, 'done');
    if (action === ('connect' satisfies CheckAction)) {
      await connectAccount(worker, goal);
      return;
    }
    if (action !== ('again' satisfies CheckAction)) return;
  }
}

/** What a person entered for an account, texts of several lines read from where they said. */
async function valuesFrom(
  account: TargetAccount,
  answers: Answers,
): Promise<Outcome<Record<string, string>>> {
  const full: Record<string, string> = { ...answers };
  for (const field of account.fields.filter(({ lines }) => lines)) {
    const text = await linesOf(field, answers[field.name]);
    if (!text.ok) return text;
    const wrong =
      answers[field.name] === linesFrom.nowhere ? null : wrongInCredential(field, text.value, language);
    if (wrong !== null) return bad(failures.invalid(field.name, wrong, ''));
    full[field.name] = text.value;
  }
  return good(valuesOf(account, full));
}

/** Reads a text of several lines from a file, the clipboard or nowhere. */
async function linesOf({ name, title }: CredentialField, from: string | undefined): Promise<Outcome<string>> {
  if (from === linesFrom.nowhere) return good('');
  if (from === linesFrom.clipboard) return good(await env.clipboard.readText());
  const [file] =
    (await window.showOpenDialog({
      title: plainText(language.said(title), 80),
      openLabel: l10n.t('Take It'),
      defaultUri: Uri.file(process.env.HOME ?? process.env.USERPROFILE ?? '/'),
    })) ?? [];
  if (!file) return bad(brokenOff);
  try {
    const { size } = await workspace.fs.stat(file);
    if (size > mostBytes) return good('x'.repeat(mostBytes));
    return good(new TextDecoder().decode(await workspace.fs.readFile(file)));
  } catch {
    return bad(failures.invalid(name, l10n.t('The file cannot be read.'), ''));
  }
}

/** A file that is larger than this is not even read. */
const mostBytes = 100_000;
