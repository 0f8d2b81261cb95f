import { l10n, window } from 'vscode';
import { listProviders, setSecret } from '../server/protocol/provider.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Asks for the API key of a provider and gives it to the worker to keep; an empty one removes it. */
export async function setApiKey(worker: Worker, provider?: string): Promise<void> {
  const listed = valueOrTell(await worker.send(listProviders, {}));
  if (!listed) return;
  const rows = listed.providers
    .filter(({ key }) => key !== 'none')
    .map(({ name, title, key }) => ({
      label: title,
      description: key === 'set' ? l10n.t('has a key') : l10n.t('has no key'),
      name,
    }));
  const title = l10n.t('Butler: Set API Key');
  const known = rows.find(({ name }) => name === provider);
  const picked =
    known ?? (await window.showQuickPick(rows, { title, placeHolder: l10n.t('For which provider?') }));
  if (!picked) return;
  const value = await window.showInputBox({
    title,
    prompt: l10n.t('API key of {0}; leave it empty to remove the key', picked.label),
    password: true,
    ignoreFocusOut: true,
  });
  if (value === undefined) return;
  const kept = valueOrTell(await worker.send(setSecret, { provider: picked.name, value }));
  if (!kept) return;
  const said =
    value.trim() === '' ? l10n.t('The key was removed.') : l10n.t('The key is kept in: {0}', kept.where);
  window.setStatusBarMessage(said, 8_000);
}
