import { type ExtensionContext, env, l10n, UIKind, version, window, workspace } from 'vscode';
import { doctor, type Finding } from '../server/protocol/editor.ts';
import type { Outcome } from '../server/protocol/failure.ts';
import type { Worker } from './worker.ts';

/** Opens a report of how the butler stands, fit to be passed on: it holds no secret and no content. */
export async function collectDiagnostics(context: ExtensionContext, worker: Worker): Promise<void> {
  const title = l10n.t('Collecting diagnostics…');
  const examined = await window.withProgress({ location: { viewId: 'butler.activity' }, title }, () =>
    worker.send(doctor, {}),
  );
  const content = [head(context, worker), ...findings(examined)].join('\n');
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
}

function head({ extension }: ExtensionContext, worker: Worker): string {
  const { version: own } = extension.packageJSON as { version: string };
  return [
    '# Virtual Butler: diagnostics',
    '',
    `- Virtual Butler ${own}`,
    `- ${env.appName} ${version}, ${env.uiKind === UIKind.Desktop ? 'desktop' : 'web'}${env.remoteName ? ', remote' : ''}`,
    `- ${process.platform} ${process.arch}, Node ${process.versions.node}, Node-API ${process.versions.napi}`,
    `- workspace folders: ${workspace.workspaceFolders?.length ?? 0}, trusted: ${workspace.isTrusted}`,
    `- worker: ${worker.state}`,
    '',
  ].join('\n');
}

function findings(examined: Outcome<{ findings: readonly Finding[] }>): string[] {
  if (!examined.ok) return [`**${examined.failure.what}** ${examined.failure.mend}`, ''];
  const rows = examined.value.findings.map(({ subject, state, what, mend }) => {
    const cells = [subject, state, what, mend ?? ''];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  });
  return ['| subject | state | what | mend |', '|---|---|---|---|', ...rows, ''];
}
