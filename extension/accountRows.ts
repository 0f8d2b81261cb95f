import type { Ability } from '../server/protocol/ability.ts';
import type {
  ConnectedAccount,
  TargetAccount,
  TargetFinding,
  TargetInfo,
} from '../server/protocol/target.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Choice } from './wizard.ts';

/** An account that Abilities need, or that is connected though none needs it. */
export interface AccountInUse {
  readonly id: string;
  readonly title: string;
  readonly target: string;
  readonly connected: boolean;
  /** The Abilities that publish there; the first one's config is taken to check it. */
  readonly abilities: readonly Ability[];
}

/** An Ability with the account that its target needs. */
export interface Needed {
  readonly ability: Ability;
  readonly account: TargetAccount;
}

/** What can be done with an account. */
export type AccountAction = 'connect' | 'check' | 'disconnect';

/** What can be done after a check. */
export type CheckAction = 'again' | 'connect' | 'done';

/** Every account there is to speak of, the connected ones first. */
export function accountsInUse(
  connected: readonly ConnectedAccount[],
  needed: readonly Needed[],
): AccountInUse[] {
  const users = (id: string) =>
    needed.filter(({ account }) => account.id === id).map(({ ability }) => ability);
  const known = connected.map(({ id, title, target }) => ({
    ...{ id, title, target },
    connected: true,
    abilities: users(id),
  }));
  const missing = new Map(
    needed
      .filter(({ account }) => !connected.some(({ id }) => id === account.id))
      .map(({ ability, account: { id, title } }) => [
        id,
        { id, title, target: ability.target.type, connected: false, abilities: users(id) },
      ]),
  );
  return [...known, ...missing.values()];
}

/** The rows of the accounts, by their place in the list. */
export function accountRows(
  accounts: readonly AccountInUse[],
  targets: readonly TargetInfo[],
  t: Translate,
): Choice[] {
  return accounts.map(({ title, target, connected, abilities }, index) => ({
    label: `$(${connected ? 'plug' : 'debug-disconnect'}) ${plainText(title, 120)}`,
    description: plainText(t.said(targets.find(({ name }) => name === target)?.title ?? target), 40),
    detail:
      abilities.length === 0
        ? t('No Ability publishes there now')
        : t('For: {0}', plainText(abilities.map(({ name }) => name).join(', '), 160)),
    value: String(index),
    group: connected ? t('Connected') : t('Not connected yet'),
  }));
}

/** The rows for what can be done with an account; it can be checked only where an Ability says how to reach it. */
export function accountActionRows({ connected, abilities }: AccountInUse, t: Translate): Choice[] {
  const reachable = abilities.length > 0;
  const row = (label: string, value: AccountAction): Choice => ({ label, value });
  return [
    ...(connected && reachable ? [row(`$(debug-start) ${t('Check the Connection')}`, 'check')] : []),
    ...(reachable ? [row(`$(key) ${connected ? t('Connect It Anew') : t('Connect It')}`, 'connect')] : []),
    ...(connected ? [row(`$(trash) ${t('Disconnect It')}`, 'disconnect')] : []),
  ];
}

/** What a check found, with what mends it, under what can be done about it. */
export function findingRows(
  findings: readonly TargetFinding[],
  needsAccount: boolean,
  t: Translate,
): Choice[] {
  const faulty = findings.some(({ good }) => !good);
  const action = (label: string, value: CheckAction): Choice => ({ label, value, group: t('Do') });
  const connect = action(`$(key) ${t('Connect It Anew')}`, 'connect');
  return [
    ...findings.map(
      ({ good, what, mend }): Choice => ({
        label: `$(${good ? 'pass' : 'error'}) ${plainText(t.said(what), 200)}`,
        ...(mend === undefined ? {} : { detail: plainText(t.said(mend)) }),
        value: 'done',
        group: faulty ? t('Found: something is in the way') : t('Found: all is well'),
      }),
    ),
    ...(faulty && needsAccount ? [connect] : []),
    ...(faulty ? [action(`$(refresh) ${t('Check Again')}`, 'again')] : []),
    action(`$(check) ${t('Done')}`, 'done'),
  ];
}
