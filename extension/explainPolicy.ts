import { l10n, window, workspace } from 'vscode';
import { explainPolicy, Mode } from '../server/protocol/policy.ts';
import { type ByMode, explanationText } from './explanation.ts';
import { language } from './language.ts';
import type { Parts } from './parts.ts';
import { valueOrTell } from './tell.ts';

/** The tool that runs commands. */
const runCommand = 'run_command';

/** Asks for a command and shows what the policy decides about it in each mode; nothing is run. */
export async function explainCommand(
  parts: Pick<Parts, 'worker' | 'previews'>,
  given?: string,
): Promise<void> {
  const command = given ?? (await askCommand());
  if (!command?.trim()) return;
  const folders = workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0];
  if (!folder) return;
  const byMode: ByMode[number][] = [];
  for (const mode of Mode.options) {
    const call = { mode, workspace: folder.uri.fsPath, tool: runCommand, input: { command } };
    const explained = valueOrTell(await parts.worker.send(explainPolicy, call));
    if (!explained) return;
    byMode.push([mode, explained]);
  }
  await parts.previews.showText('policy.txt', explanationText(command, byMode, language));
}

function askCommand(): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Butler: Explain Policy Decision'),
    prompt: l10n.t('What would be decided about which command? It is not run.'),
    placeHolder: 'npm test',
    ignoreFocusOut: true,
  });
}
