import { commands, l10n, window } from 'vscode';
import type { Failure, Outcome } from '../server/protocol/failure.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';

/** Says a failure where a person must act on it, with the next step that its kind has. */
export async function tellFailure(failure: Failure): Promise<void> {
  const step = failure.field === 'account' ? accountStep() : nextSteps[failure.kind]?.();
  const text = `${plainText(language.said(failure.what))} ${plainText(language.said(failure.mend))}`;
  const chosen = await window.showErrorMessage(text, ...(step ? [step.title] : []));
  if (step && chosen === step.title) await commands.executeCommand(step.command);
}

/** Gives the value, or says the failure and gives nothing. */
export function valueOrTell<T>(outcome: Outcome<T>): T | undefined {
  if (outcome.ok) return outcome.value;
  if (outcome.failure.kind !== 'cancelled') void tellFailure(outcome.failure);
  return undefined;
}

const accountStep = () => ({ title: l10n.t('Connected Accounts'), command: 'butler.account.manage' });

const nextSteps: Partial<Record<Failure['kind'], () => { title: string; command: string }>> = {
  auth: () => ({ title: l10n.t('Set API Key'), command: 'butler.key.set' }),
  offline: () => ({ title: l10n.t('Manage Providers'), command: 'butler.provider.manage' }),
  internal: () => ({ title: l10n.t('Show Log'), command: 'butler.log.show' }),
  store: () => ({ title: l10n.t('Collect Diagnostics'), command: 'butler.diagnostics.collect' }),
};
