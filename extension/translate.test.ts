import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Approval, Preview } from '../server/protocol/approval.ts';
import { failures } from '../server/protocol/failure.ts';
import { teller } from '../server/protocol/told.ts';
import { abilitySteps } from './abilityForm.ts';
import { findingRows } from './accountRows.ts';
import { deliverableWords } from './deliverableWords.ts';
import { questionLine } from './questionText.ts';
import { targetSteps } from './targetSteps.ts';
import { translator } from './translate.ts';

const texts = (name: string) => {
  const file = path.join(import.meta.dirname, `../l10n/${name}.de.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
};
const bundle = texts('bundle.l10n');
const t = translator(
  (text, ...values) => (bundle[text] ?? text).replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)])),
  teller(texts('worker')),
);

describe('what the worker says, in German', () => {
  it('is told sentence by sentence, with the addresses that it names', () => {
    assert.equal(
      t.said('The models of an Ollama elsewhere. Nobody translated this. Try again.'),
      'The models of an Ollama elsewhere. Nobody translated this. Versuchen Sie es erneut.',
    );
    assert.equal(
      t.said('The address of the API; with GitHub Enterprise Server "https://HOST/api/v3".'),
      'Die Adresse der API; bei GitHub Enterprise Server „https://HOST/api/v3“.',
    );
  });

  it('is told so in the questions for an Ability and its target', () => {
    const about = 'Uploads a video to a YouTube channel, private unless you say otherwise.';
    const config = z.strictObject({ folder: z.string().meta({ title: 'Folder' }) });
    const youtube = { name: 'youtube', title: 'Local folder', about, config: z.toJSONSchema(config) };
    const models = async () => assert.fail('Nobody asks for models.');
    const choices = { providers: [], targets: [youtube], models, now: 0, workspaces: [] };
    const steps = abilitySteps(choices, {}, t);
    const [row] = steps.flatMap((step) => (step.key === 'target' && 'choices' in step ? step.choices : []));
    assert.equal(row?.label, 'Lokaler Ordner');
    assert.match(row?.detail ?? '', /^Lädt ein Video/);
    const [folder] = targetSteps(youtube, {}, t);
    assert.ok(folder?.kind === 'text');
    assert.deepEqual([folder.question, folder.wrong('')], ['Ordner', t('{0} is needed.', 'Ordner')]);
  });

  it('is told so in the question of a publication, and in what the check of a target found', () => {
    const approval: Approval = {
      ...{
        id: 'a',
        job: 'j',
        session: 's',
        call: 'c',
        tool: 'publish',
        title: 'Publish 9 files to ./public',
      },
      ...{ effects: [], digest: 'e'.repeat(64), rule: 'asks', protected: false, requested: 0, expires: 1 },
      decision: null,
    };
    const preview: Preview = { kind: 'files', address: './public', files: [] };
    assert.equal(questionLine({ approval, preview }, t).text, '9 Dateien veröffentlichen: ./public');
    const rows = findingRows(
      [{ good: false, what: 'The branch "main" is protected.', mend: failures.auth('GitHub').mend }],
      false,
      t,
    );
    assert.deepEqual(
      [rows[0]?.label, rows[0]?.detail],
      [
        '$(error) Der Zweig „main“ ist geschützt.',
        'Führen Sie „Butler: API-Schlüssel setzen“ aus und geben Sie einen gültigen Schlüssel für GitHub ein.',
      ],
    );
  });

  it('of a type of deliverable has words, and a word of the own stays', () => {
    assert.deepEqual(
      ['website', 'document', 'spreadsheet', 'constructor'].map((type) => deliverableWords(type, t)),
      ['Website', 'Dokument', 'spreadsheet', 'constructor'],
    );
  });
});
