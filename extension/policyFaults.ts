import {
  commands,
  Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  l10n,
  languages,
  Range,
  Uri,
  window,
} from 'vscode';
import { type PolicyState, policyChanged, readPolicy } from '../server/protocol/policy.ts';
import { plainText } from './plainText.ts';
import type { Worker } from './worker.ts';

/** Marks what is wrong in the policy files, and says once of each that it makes the butler ask more, or do less. */
export class PolicyFaults implements Disposable {
  private readonly worker: Worker;
  private readonly marks = languages.createDiagnosticCollection('butler.policy');
  private readonly owned: Disposable[];
  private readonly told = new Set<string>();

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.marks,
      worker.on(policyChanged, () => void this.look()),
      worker.onState((state) => state === 'ready' && void this.look()),
    ];
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async look(): Promise<void> {
    const read = await this.worker.send(readPolicy, {});
    if (!read.ok) return;
    const { states } = read.value;
    this.marks.clear();
    for (const { file, problems } of states) {
      if (problems.length > 0) this.marks.set(Uri.file(file), problems.map(markOf));
    }
    for (const state of states.filter(({ problems }) => problems.length > 0)) void this.tell(state);
  }

  private async tell({ source, file, problems: [first] }: PolicyState): Promise<void> {
    const key = `${file}:${first?.message}`;
    if (!first || this.told.has(key)) return;
    this.told.add(key);
    const open = l10n.t('Open Policy');
    const what = plainText(`${file}:${first.line}: ${first.message}`, 400);
    const text =
      source === 'managed'
        ? l10n.t('The policy of this machine has a fault, so nothing is allowed. {0}', what)
        : l10n.t('A policy has a fault. {0}', what);
    if ((await window.showWarningMessage(text, open)) === open)
      await commands.executeCommand('butler.policy.open');
  }
}

function markOf({ line, message }: PolicyState['problems'][number]): Diagnostic {
  const range = new Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const mark = new Diagnostic(range, message, DiagnosticSeverity.Error);
  mark.source = 'Butler';
  return mark;
}
