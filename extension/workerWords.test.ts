import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { abilitySteps } from './abilityForm.ts';
import { deliverableWords } from './deliverableWords.ts';
import { targetSteps } from './targetSteps.ts';
import type { Translate } from './translate.ts';
import { workerWords } from './workerWords.ts';

const bundle = path.join(import.meta.dirname, '../l10n/bundle.l10n.de.json');
const german = JSON.parse(readFileSync(bundle, 'utf8')) as Readonly<Record<string, string>>;
const t: Translate = (text, ...values) =>
  (german[text] ?? text).replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)]));

describe('what the worker says', () => {
  it('is told in German sentence by sentence, with the addresses that it names', () => {
    assert.equal(
      workerWords('The models of an Ollama elsewhere. Nobody translated this at https://example.org/a.', t),
      'Die Modelle eines Ollama anderswo. Nobody translated this at https://example.org/a.',
    );
    assert.equal(
      workerWords('The address of the API; with GitHub Enterprise Server "https://HOST/api/v3".', t),
      'Die Adresse der API; bei GitHub Enterprise Server „https://HOST/api/v3“.',
    );
    assert.equal(workerWords('', t), '');
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

  it('of a type of deliverable has words, and a word of the own stays', () => {
    assert.deepEqual(
      ['website', 'document', 'spreadsheet', 'constructor'].map((type) => deliverableWords(type, t)),
      ['Website', 'Dokument', 'spreadsheet', 'constructor'],
    );
  });
});
