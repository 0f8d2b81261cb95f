import { l10n } from 'vscode';
import { type Ability, listAbilities } from '../server/protocol/ability.ts';
import {
  disconnectTarget,
  listTargets,
  readTargetAccount,
  type TargetAccount,
} from '../server/protocol/target.ts';
import {
  type AccountAction,
  type AccountInUse,
  accountActionRows,
  accountRows,
  accountsInUse,
  type Needed,
} from './accountRows.ts';
import { choose } from './askStep.ts';
import { checkConnection, connectAccount, goalOf } from './connectAccount.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Lists the accounts of targets and does with one what a person chooses, until it is left. */
export async function manageAccounts(worker: Worker): Promise<void> {
  for (;;) {
    const [targets, abilities] = await Promise.all([
      worker.send(listTargets, {}),
      worker.send(listAbilities, {}),
    ]);
    const known = valueOrTell(targets);
    const users = valueOrTell(abilities);
    if (!known || !users) return;
    const accounts = accountsInUse(known.accounts, await neededBy(worker, users.abilities));
    const question =
      accounts.length === 0
        ? l10n.t('No Ability publishes to a place that wants an account')
        : l10n.t('Which account?');
    const rows = accountRows(accounts, known.targets, language);
    const picked = await choose(l10n.t('Connected Accounts'), question, rows);
    const account = picked === undefined ? undefined : accounts[Number(picked)];
    if (!account || !(await manageAccount(worker, account))) return;
  }
}

/** Does with one account what a person chooses; says whether to go back to the list. */
async function manageAccount(worker: Worker, account: AccountInUse): Promise<boolean> {
  const title = plainText(account.title, 80);
  const rows = accountActionRows(account, language);
  const action = await choose(title, l10n.t('What shall be done?'), rows);
  if (action === undefined) return false;
  await acts[action as AccountAction](worker, account);
  return action === 'disconnect';
}

const acts: Readonly<Record<AccountAction, (worker: Worker, account: AccountInUse) => Promise<unknown>>> = {
  connect: async (worker, { abilities: [ability] }) => ability && connectAccount(worker, goalOf(ability)),
  check: async (worker, { abilities: [ability] }) => {
    const account = ability && (await accountOf(worker, ability));
    if (ability && account) await checkConnection(worker, goalOf(ability), account);
  },
  disconnect: async (worker, { id, title }) => {
    const sure = l10n.t('Forget what is kept of {0}?', plainText(title, 80));
    const answer = await choose(plainText(title, 80), sure, [
      { label: l10n.t('Keep it'), value: 'no' },
      { label: `$(trash) ${l10n.t('Disconnect It')}`, value: 'yes' },
    ]);
    if (answer === 'yes') valueOrTell(await worker.send(disconnectTarget, { account: id }));
  },
};

/** The accounts that Abilities need; one whose target or config is at fault says so where it is edited. */
async function neededBy(worker: Worker, abilities: readonly Ability[]): Promise<Needed[]> {
  const found = await Promise.all(
    abilities.map(async (ability) => ({ ability, account: await accountOf(worker, ability) })),
  );
  return found.flatMap(({ ability, account }) => (account ? [{ ability, account }] : []));
}

async function accountOf(worker: Worker, { target }: Ability): Promise<TargetAccount | null> {
  const read = await worker.send(readTargetAccount, target);
  return read.ok ? read.value.account : null;
}
