import { env, l10n, Uri, window, workspace } from 'vscode';
import type { Ability, TargetChoice } from '../server/protocol/ability.ts';
import {
  checkTarget,
  connectTarget,
  readTargetAccount,
  signInTarget,
  type TargetAccount,
} from '../server/protocol/target.ts';
import { accountSteps, linesFrom, valuesOf, wrongInCredential } from './accountForm.ts';
import { type CheckAction, findingRows } from './accountRows.ts';
import { askStep, choose, whileWaiting } from './askStep.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import { type Answers, runWizard } from './wizard.ts';
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
    { label: `$(key) ${l10n.t('Connect It Now')}`, detail: plainText(help), value: 'now' },
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
  const account = valueOrTell(await worker.send(readTargetAccount, goal.target))?.account;
  if (!account) return false;
  const values = await askValues(account);
  if (!values) return false;
  const kept = await keep(worker, goal, account, values);
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
): Promise<{ where: string } | undefined> {
  const request = { ...target, values };
  if (!account.signIn) return valueOrTell(await worker.send(connectTarget, request));
  const text = l10n.t('Sign in with the browser that opens; this ends by itself.');
  const ended = await whileWaiting(plainText(account.title, 80), text, worker.send(signInTarget, request));
  return ended && valueOrTell(ended);
}

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
    const asked = worker.send(checkTarget, { ...target, ...(folder && open ? { workspace: folder } : {}) });
    const ended = await whileWaiting(title, l10n.t('The connection is tried…'), asked);
    const found = ended && valueOrTell(ended);
    if (!found) return;
    const rows = findingRows(found.findings, account !== null, l10n.t);
    const action = await choose(title, l10n.t('What the check found'), rows, 'done');
    if (action === ('connect' satisfies CheckAction)) {
      await connectAccount(worker, goal);
      return;
    }
    if (action !== ('again' satisfies CheckAction)) return;
  }
}

/** What a person enters for an account; `undefined` when it was broken off. */
async function askValues(account: TargetAccount): Promise<Record<string, string> | undefined> {
  const title = l10n.t('Connect {0}', plainText(account.title, 80));
  const answers = await runWizard(() => accountSteps(account, l10n.t), askStep(title));
  if (!answers) return undefined;
  const full: Record<string, string> = { ...answers };
  for (const field of account.fields.filter(({ lines }) => lines)) {
    const text = await linesOf(field.title, answers, field.name);
    if (text === undefined) return undefined;
    const wrong = answers[field.name] === linesFrom.nowhere ? null : wrongInCredential(field, text, l10n.t);
    if (wrong !== null) {
      void window.showErrorMessage(wrong);
      return undefined;
    }
    full[field.name] = text;
  }
  return valuesOf(account, full);
}

/** Reads a text of several lines from where the person said; `undefined` when no file was chosen. */
async function linesOf(title: string, answers: Answers, name: string): Promise<string | undefined> {
  if (answers[name] === linesFrom.nowhere) return '';
  if (answers[name] === linesFrom.clipboard) return env.clipboard.readText();
  const [file] =
    (await window.showOpenDialog({
      title: plainText(title, 80),
      openLabel: l10n.t('Take It'),
      defaultUri: Uri.file(process.env.HOME ?? process.env.USERPROFILE ?? '/'),
    })) ?? [];
  if (!file) return undefined;
  const { size } = await workspace.fs.stat(file);
  return size > mostBytes
    ? 'x'.repeat(mostBytes)
    : new TextDecoder().decode(await workspace.fs.readFile(file));
}

/** A file that is larger than this is not even read. */
const mostBytes = 100_000;
