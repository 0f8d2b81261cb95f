import path from 'node:path';
import { type InputBox, l10n, ThemeIcon, Uri, window } from 'vscode';
import { listAbilities } from '../server/protocol/ability.ts';
import { type AttachedFile, addAttachment, mostAttached } from '../server/protocol/attachment.ts';
import { bad, type Failure, failures, good, type Outcome } from '../server/protocol/failure.ts';
import { createJob, type Job, longestJobText } from '../server/protocol/job.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { defaultAbility } from './settings.ts';
import { valueOrTell } from './tell.ts';
import { underWay } from './underWay.ts';
import type { Worker } from './worker.ts';

/** What a person wants done, with the files of this machine that go with it. */
export interface Order {
  readonly ability: string;
  readonly text: string;
  /** Absolute paths, each once. */
  readonly files: readonly string[];
}

/** The files of this machine that the explorer or an editor names. */
export function filesOf(one: unknown, all: unknown): string[] {
  const named: readonly unknown[] = Array.isArray(all) && all.length > 0 ? all : [one];
  return named.flatMap((uri) => (uri instanceof Uri && uri.scheme === 'file' ? [uri.fsPath] : []));
}

/** Asks for a job's Ability, text and files, hands it over and shows it. */
export async function handOverJob(
  { worker, chat }: Pick<Parts, 'worker' | 'chat'>,
  files: readonly string[] = [],
): Promise<void> {
  const listed = valueOrTell(await worker.send(listAbilities, {}));
  if (!listed) return;
  const preset = defaultAbility();
  const rows = listed.abilities
    .toSorted((one, two) => Number(two.id === preset) - Number(one.id === preset))
    .map(({ id, name, description }) => ({ label: plainText(name, 80), detail: plainText(description), id }));
  const title = l10n.t('Butler: Hand Over a Job');
  const picked = await window.showQuickPick(rows, { title, placeHolder: l10n.t('To which Ability?') });
  if (!picked) return;
  const asked = await askText(title, picked.label, files);
  if (!asked) return;
  const job = valueOrTell(await handOver(worker, { ability: picked.id, ...asked }));
  if (job) await chat.show({ session: job.session });
}

/** Keeps the files, then hands the job over with them. */
export async function handOver(worker: Worker, { ability, text, files }: Order): Promise<Outcome<Job>> {
  if (files.length === 0) return worker.send(createJob, { ability, text });
  if (files.length > mostAttached) return bad(tooMany(files.length));
  const kept = await underWay(l10n.t('Attaching {0} files', files.length), async (cancel) => {
    const attached: AttachedFile[] = [];
    for (const file of files) {
      if (cancel.isCancellationRequested) return bad(failures.cancelled('Nothing was handed over.'));
      const added = await worker.send(addAttachment, { path: file }, cancel);
      if (!added.ok) return added;
      attached.push(added.value);
    }
    return good(attached);
  });
  return kept.ok ? worker.send(createJob, { ability, text, files: kept.value }) : kept;
}

function tooMany(count: number): Failure {
  const what = `${count} files are more than one job takes; it takes ${mostAttached}.`;
  return failures.invalid('files', what, 'Choose fewer, or pack them into one file.');
}

/** Asks what shall be done; a button beside it takes files along. */
function askText(
  title: string,
  ability: string,
  given: readonly string[],
): Promise<Pick<Order, 'text' | 'files'> | undefined> {
  const box = window.createInputBox();
  const attach = { iconPath: new ThemeIcon('attach'), tooltip: l10n.t('Attach Files…') };
  const state = { files: given, picks: false };
  const show = () => {
    const names = state.files.map((file) => path.basename(file)).join(', ');
    const ask = l10n.t('What shall {0} do?', ability);
    box.prompt = state.files.length === 0 ? ask : l10n.t('{0} Attached: {1}', ask, plainText(names, 200));
  };
  box.title = title;
  box.ignoreFocusOut = true;
  box.buttons = [attach];
  show();
  return new Promise<Pick<Order, 'text' | 'files'> | undefined>((settle) => {
    box.onDidTriggerButton(async () => {
      state.picks = true;
      state.files = withMore(state.files, await pickFiles());
      state.picks = false;
      show();
      box.show();
    });
    box.onDidChangeValue(() => check(box));
    box.onDidAccept(() => {
      const text = box.value.trim();
      if (text !== '' && check(box)) settle({ text, files: state.files });
    });
    /** Some dialogs of files take the place of the question meanwhile. */
    box.onDidHide(() => state.picks || settle(undefined));
    box.show();
  }).finally(() => box.dispose());
}

function check(box: InputBox): boolean {
  const isTooLong = box.value.length > longestJobText;
  box.validationMessage = isTooLong ? l10n.t('That is too long.') : undefined;
  return !isTooLong;
}

async function pickFiles(): Promise<readonly Uri[]> {
  const openLabel = l10n.t('Attach');
  return (await window.showOpenDialog({ canSelectMany: true, openLabel })) ?? [];
}

function withMore(files: readonly string[], more: readonly Uri[]): readonly string[] {
  return [...new Set([...files, ...more.map(({ fsPath }) => fsPath)])];
}
