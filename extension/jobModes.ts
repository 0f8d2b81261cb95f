import { l10n, window } from 'vscode';
import { type Job, setJobMode } from '../server/protocol/job.ts';
import type { Mode } from '../server/protocol/policy.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Lets a person choose how much a job asks from here on. */
export async function chooseJobMode(worker: Worker, job: Job): Promise<void> {
  const rows: { label: string; detail: string; mode: Mode }[] = [
    {
      label: l10n.t('Ask'),
      detail: l10n.t('I ask before every step that changes something.'),
      mode: 'ask',
    },
    {
      label: l10n.t('Assisted'),
      detail: l10n.t('What a sandbox holds and what can be taken back runs by itself.'),
      mode: 'assisted',
    },
    {
      label: l10n.t('Allow for this job'),
      detail: l10n.t('All that no rule and no protection asks for runs by itself.'),
      mode: 'allow',
    },
  ];
  const title = l10n.t('Butler: How Much Shall "{0}" Ask?', plainText(job.title, 80));
  const placeHolder = l10n.t(
    'In every mode protected files, publishing, sending and spending are asked about',
  );
  const picked = await window.showQuickPick(rows, { title, placeHolder });
  if (!picked) return;
  if (valueOrTell(await worker.send(setJobMode, { id: job.id, mode: picked.mode }))) {
    window.setStatusBarMessage(l10n.t('From here on: {0}', picked.label), 5_000);
  }
}
