import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Preview } from '../../server/protocol/approval.ts';
import { failures } from '../../server/protocol/failure.ts';
import { type Counterpart, session } from './counterpart.ts';
import { harbours } from './deliveryScenes.ts';
import { axeFaults, overflowing } from './faults.ts';
import { openStage, type Stage } from './stage.ts';
import { Story } from './story.ts';

describe('the page in German', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('tells a question before a publication with all that the worker says of it, and names of files as they are', async () => {
    const { page, offences } = await stage.open({ prepare: publication, width: 220 });
    const title = '3 Dateien veröffentlichen: https://github.com/harbours/site';
    const question = page.getByRole('region', { name: `Genehmigung: ${title}` });
    await question.getByText(title, { exact: true }).waitFor();
    for (const text of [
      'Ein Pull Request nach „main“ wird geöffnet; dort ändert sich nichts, ehe ein Mensch ihn zusammenführt.',
      '„Try again. film.mp4“ ist größer als 50 MB; GitHub rät im Repository davon ab.',
      'index.html:4: Der Verweis "gone.html" führt zu keiner Datei darin.',
      'Der Pull Request wird geschlossen und sein Zweig gelöscht, solange er nicht zusammengeführt wurde.',
      'Vor dem Veröffentlichen wird in jedem Modus gefragt.',
    ]) {
      await question.getByText(text).waitFor();
    }
    await question.getByText('Try again. notes.md', { exact: true }).waitFor();
    assert.equal(await overflowing(page), '');
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(offences, []);
    await page.screenshot({ path: 'build/screenshots/page-german-publication.png' });
    await stage.done(page);
  });

  it('tells what a look at a deliverable found, why something failed and what mends it', async () => {
    const { page } = await stage.open({ prepare: failed });
    for (const text of [
      'Der Verweis "gone.html" führt zu keiner Datei darin.',
      'Ein Bild hat keinen Alternativtext.',
      'Anthropic nahm den API-Schlüssel nicht an.',
      'Führen Sie „Butler: API-Schlüssel setzen“ aus und geben Sie einen gültigen Schlüssel für Anthropic ein.',
    ]) {
      await page.getByText(text).first().waitFor();
    }
    await page.screenshot({ path: 'build/screenshots/page-german-failure.png' });
    await stage.done(page);
  });
});

const texts = (name: string) => {
  const file = path.join(import.meta.dirname, `../../l10n/${name}.de.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
};

function inGerman(counterpart: Counterpart): Story {
  counterpart.texts = { strings: texts('page'), sentences: texts('worker') };
  counterpart.sessions = [session('s1', 'Häfen veröffentlichen', { state: 'running' })];
  counterpart.session = 's1';
  return new Story('s1').begin('site').ask('j1', 'Veröffentliche die Häfen');
}

function publication(counterpart: Counterpart): void {
  const preview: Preview = {
    kind: 'files',
    address: 'https://github.com/harbours/site',
    files: ['index.html', 'Try again. film.mp4', 'Try again. notes.md'].map((one) => ({
      ...{ path: one, change: 'create', size: 900 },
    })),
    visibility: 'public',
    undoes: 'The pull request is closed and its branch deleted, as long as it was not merged.',
    notes: [
      'A pull request to "main" is opened; nothing changes there before a person merges it.',
      '"Try again. film.mp4" is larger than 50 MB; GitHub advises against that in a repository.',
      'index.html:4: The link "gone.html" leads to no file of it.',
    ],
  };
  const story = inGerman(counterpart).say('j1', [{ kind: 'call', call: 'c9', tool: 'publish', input: {} }]);
  counterpart.entries = story.question('j1', 'c9', preview, {
    title: 'Publish 3 files to https://github.com/harbours/site',
    rule: 'Publishing is asked for in every mode.',
  }).entries;
}

function failed(counterpart: Counterpart): void {
  const story = inGerman(counterpart);
  const findings = [
    { file: 'index.html', line: 4, what: 'The link "gone.html" leads to no file of it.', severe: true },
    { file: 'index.html', line: 9, what: 'An image has no alternative text.', severe: false },
  ];
  story.add('deliverable.saved', 'j1', { deliverable: { ...harbours, findings } });
  story.add('job.failed', 'j1', { failure: failures.auth('Anthropic') });
  counterpart.entries = story.entries;
}
