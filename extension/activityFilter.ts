import { l10n, type QuickPickItem, QuickPickItemKind, type Uri, window, workspace } from 'vscode';
import { type Act, exportActivity } from '../server/protocol/activity.ts';
import { readJournal } from '../server/protocol/journal.ts';
import type { ActivityTree } from './activityTree.ts';
import { actText } from './actWords.ts';
import { language } from './language.ts';
import type { Parts } from './parts.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

type Form = 'csv' | 'json';

/** Questions that people ask most, in the words that the language of questions takes. */
export const presets: readonly (readonly [query: string, words: () => string])[] = [
  ['today', () => l10n.t('What was done today')],
  ['by agent this week', () => l10n.t('What agents did this week')],
  ['by person this week', () => l10n.t('What people did this week')],
  ['commands this week', () => l10n.t('Commands that ran this week')],
  ['files changed today', () => l10n.t('Files that were changed today')],
  ['files deleted this week', () => l10n.t('Files that were deleted this week')],
  ['published', () => l10n.t('What was published')],
  ['mail sent this week', () => l10n.t('Mail that was sent this week')],
  ['denied', () => l10n.t('What was denied')],
  ['failed this week', () => l10n.t('What failed this week')],
];

/** Asks in words which part of the activity to show; a question given shows at once. */
export async function filterActivity(activity: ActivityTree, given?: string): Promise<void> {
  const query = given ?? (await askQuery(activity.query));
  if (query !== undefined) activity.ask(query);
}

/** Writes every act that the list is narrowed to into a file that the person names. */
export async function exportShown({ worker, activity }: Pick<Parts, 'worker' | 'activity'>): Promise<void> {
  const forms = [
    { label: 'CSV', description: l10n.t('for a spreadsheet'), form: 'csv' as const },
    { label: 'JSON', description: l10n.t('for a program'), form: 'json' as const },
  ];
  const title = l10n.t('Butler: Export Activity');
  const narrowed = activity.query === '' ? l10n.t('Everything') : activity.query;
  const placeHolder = l10n.t('What goes into the file: {0}', narrowed);
  const picked = await window.showQuickPick(forms, { title, placeHolder });
  if (!picked) return;
  const file = await window.showSaveDialog({ title, filters: { [picked.label]: [picked.form] } });
  if (!file) return;
  const acts = await exportTo(worker, activity.query, picked.form, file);
  if (acts !== undefined) window.setStatusBarMessage(l10n.t('{0} acts were written.', acts), 5_000);
}

/** Writes every act that a question finds; tells how many, or nothing where it failed and was told. */
export async function exportTo(
  worker: Worker,
  query: string,
  form: Form,
  file: Uri,
): Promise<number | undefined> {
  const written = valueOrTell(await worker.send(exportActivity, { query, form }));
  if (!written) return undefined;
  await workspace.fs.writeFile(file, new TextEncoder().encode(written.content));
  return written.acts;
}

/** Shows all that is known of an act, with the entry of the journal that began it. */
export async function showAct(
  { worker, previews }: Pick<Parts, 'worker' | 'previews'>,
  act: Act,
): Promise<void> {
  const read = await worker.send(readJournal, { after: act.seq - 1, limit: 1 });
  const [entry] = read.ok ? read.value.entries : [];
  const text = actText(act, entry ?? null, language);
  await previews.showText(`act-${act.seq}.txt`, text);
}

interface Row extends QuickPickItem {
  readonly query: string;
}

function askQuery(before: string): Promise<string | undefined> {
  const pick = window.createQuickPick<Row>();
  const offered = presets.map(([query, words]): Row => ({ label: words(), description: query, query }));
  const fill = () => {
    const typed = pick.value.trim();
    const own = typed === '' ? [] : [{ label: typed, description: l10n.t('as you wrote it'), query: typed }];
    const all = { label: l10n.t('Everything'), query: '' };
    pick.items = [
      ...own,
      { label: l10n.t('Often asked'), kind: QuickPickItemKind.Separator, query: '' },
      ...offered,
      all,
    ];
  };
  pick.title = l10n.t('Butler: Filter Activity');
  pick.placeholder = l10n.t('Who, when, what: denied yesterday, files deleted by agent since monday');
  pick.matchOnDescription = true;
  pick.value = before;
  fill();
  pick.onDidChangeValue(fill);
  return new Promise<string | undefined>((answered) => {
    pick.onDidAccept(() => {
      answered(pick.selectedItems[0]?.query);
      pick.hide();
    });
    pick.onDidHide(() => answered(undefined));
    pick.show();
  }).finally(() => pick.dispose());
}
