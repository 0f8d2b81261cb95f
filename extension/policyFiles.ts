import { commands, FileType, l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { type PolicyState, readPolicy, resetPolicy } from '../server/protocol/policy.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Opens a policy file for writing; the person's own is made where it is not there yet. */
export async function openPolicy(worker: Worker): Promise<void> {
  const read = valueOrTell(await worker.send(readPolicy, {}));
  if (!read) return;
  const state = await pickPolicy(read.states);
  if (!state) return;
  const file = Uri.file(state.file);
  if (!(await isThere(file))) await workspace.fs.writeFile(file, new TextEncoder().encode(emptyPolicy()));
  await commands.executeCommand('vscode.open', file);
}

/** Takes every rule out of the person's policy, after one more question. */
export async function emptyUserPolicy(worker: Worker): Promise<void> {
  const read = valueOrTell(await worker.send(readPolicy, {}));
  if (!read) return;
  const rules = read.states.find(({ source }) => source === 'user')?.rules.length ?? 0;
  const yes = l10n.t('Reset');
  const asked = l10n.t('Take all {0} rules out of your policy?', rules);
  const detail = l10n.t('The built-in rules hold then. Rules of this machine and of workspaces stay.');
  if ((await window.showWarningMessage(asked, { modal: true, detail }, yes)) !== yes) return;
  if (!valueOrTell(await worker.send(resetPolicy, {}))) return;
  window.setStatusBarMessage(l10n.t('Your policy holds no rule any more.'), 5_000);
}

interface Row extends QuickPickItem {
  readonly state: PolicyState;
}

/** The file that a person picks; the only one there is needs no question. */
async function pickPolicy(states: readonly PolicyState[]): Promise<PolicyState | undefined> {
  const offered = states.filter(({ source, exists }) => exists || source !== 'managed');
  if (offered.length < 2) return offered[0];
  const rows = offered.map((state): Row => {
    const faults = state.problems.length;
    const rules = state.exists ? l10n.t('{0} rules', state.rules.length) : l10n.t('not there yet');
    return {
      label: sourceWords(state.source),
      description: faults > 0 ? l10n.t('{0} faults', faults) : rules,
      detail: plainText(state.file),
      state,
    };
  });
  const title = l10n.t('Butler: Open Policy');
  return (await window.showQuickPick(rows, { title, placeHolder: l10n.t('Which policy?') }))?.state;
}

function sourceWords(source: PolicyState['source']): string {
  const words = {
    user: () => l10n.t('Yours'),
    workspace: () => l10n.t('Of this workspace, which may only tighten'),
    managed: () => l10n.t('Of this machine, which only its owner changes'),
  };
  return words[source]();
}

async function isThere(file: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(file)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

function emptyPolicy(): string {
  const about = l10n.t('Rules of what the butler may do by itself, must ask about, or may not do.');
  return `// ${about}\n{\n  "rules": []\n}\n`;
}
