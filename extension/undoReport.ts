import { l10n, window } from 'vscode';
import type { UndoReport } from '../server/protocol/job.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import type { PreviewDocuments } from './previewDocuments.ts';

/** What a way back, or its undoing, is called where it went well and where it did not. */
export interface ReportWords {
  done(steps: number): string;
  conflicts(titles: string): string;
}

/** Says what came of it; what changed since can be looked at in the diff editor. */
export async function tellReport(
  previews: PreviewDocuments,
  { undone, conflicts }: UndoReport,
  words: ReportWords,
): Promise<void> {
  if (conflicts.length === 0) {
    window.setStatusBarMessage(words.done(undone.length), 5_000);
    return;
  }
  const titles = conflicts.map(
    ({ title, failure }) => `${plainText(language.titled(title))}: ${plainText(language.said(failure.what))}`,
  );
  const diffs = conflicts.flatMap((one) => one.diffs ?? []);
  const show = l10n.t('Show Differences');
  const text = words.conflicts(plainText(titles.join(' '), 600));
  const chosen = await window.showWarningMessage(text, ...(diffs.length > 0 ? [show] : []));
  if (chosen !== show) return;
  const rows = diffs.map((diff) => ({ label: plainText(diff.path, 200), diff }));
  const placeHolder = l10n.t('Which difference?');
  const picked = rows.length === 1 ? rows[0] : await window.showQuickPick(rows, { placeHolder });
  if (picked) await previews.showDiff({ ...picked.diff, after: picked.diff.after ?? '' });
}
