import { l10n, window } from 'vscode';
import { listProviders, type ProviderInfo, setSecret } from '../server/protocol/provider.ts';
import { plainText } from './plainText.ts';
import { takesKey } from './providerMenu.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Asks for the API key of a provider and gives it to the worker to keep; an empty one removes it. */
export async function setApiKey(worker: Worker, name?: string): Promise<void> {
  const listed = valueOrTell(await worker.send(listProviders, { look: false }));
  if (!listed) return;
  const known = listed.providers.filter(takesKey);
  const provider = known.find((one) => one.name === name) ?? (await pickProvider(known));
  if (!provider) return;
  const value = await window.showInputBox({
    title: l10n.t('Butler: Set API Key'),
    prompt: l10n.t('API key of {0}; leave it empty to remove the key', plainText(provider.title, 80)),
    password: true,
    ignoreFocusOut: true,
  });
  if (value !== undefined) await keepKey(worker, provider.name, value);
}

/** Gives a key to the worker to keep, without the blanks around it, and says where it is kept. */
export async function keepKey(worker: Worker, provider: string, typed: string): Promise<boolean> {
  const value = typed.trim();
  const kept = valueOrTell(await worker.send(setSecret, { provider, value }));
  if (!kept) return false;
  const said = value === '' ? l10n.t('The key was removed.') : l10n.t('The key is kept. {0}', kept.where);
  window.setStatusBarMessage(said, 8_000);
  return true;
}

async function pickProvider(known: readonly ProviderInfo[]): Promise<ProviderInfo | undefined> {
  const rows = known.map((provider) => ({
    label: plainText(provider.title, 80),
    description: provider.key === 'set' ? l10n.t('has a key') : l10n.t('has no key'),
    provider,
  }));
  const title = l10n.t('Butler: Set API Key');
  const picked = await window.showQuickPick(rows, { title, placeHolder: l10n.t('For which provider?') });
  return picked?.provider;
}
