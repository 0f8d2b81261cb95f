import { l10n } from 'vscode';
import { readSettings, saveSettings } from '../server/protocol/settings.ts';
import { askOnce, choose } from './askStep.ts';
import { budgetKeys, budgetRows, limitStep, withLimit } from './budgetForm.ts';
import { language } from './language.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Shows the limits of what may be spent and changes those that a person chooses, until it is left. */
export async function setBudget(worker: Worker): Promise<void> {
  const title = l10n.t('Set Budget');
  for (;;) {
    const settings = valueOrTell(await worker.send(readSettings, {}));
    if (!settings) return;
    const { budget } = settings;
    const chosen = await choose(title, l10n.t('Which limit shall change?'), budgetRows(budget, language));
    const key = budgetKeys.find((one) => one === chosen);
    if (!key) return;
    const typed = await askOnce(title, limitStep(key, budget, language));
    if (typed === undefined) continue;
    const change = { budget: withLimit(budget, key, typed) };
    if (!valueOrTell(await worker.send(saveSettings, { change }))) return;
  }
}
