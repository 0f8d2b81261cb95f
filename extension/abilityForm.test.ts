import assert from 'node:assert/strict';
import * as z from 'zod';
import { bad, failures, good } from '../server/protocol/failure.ts';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import { type AbilityChoices, abilityOf, abilitySteps } from './abilityForm.ts';
import { targetFields, wrongInField } from './targetFields.ts';
import { english as t } from './translate.ts';
import { type Reply, runWizard, type Step } from './wizard.ts';

const provider: ProviderInfo = {
  ...{ name: 'offline', title: 'Offline', about: '', key: 'none', models: [] },
  ...{ kind: 'offline', local: true, ready: true, connection: { state: 'unknown', since: 0 } },
};
const service: ProviderInfo = {
  ...provider,
  name: 'anthropic',
  kind: 'anthropic',
  models: ['one', 'two'],
  local: false,
};
const config = z.strictObject({
  folder: z.string().min(1).meta({ title: 'Folder', description: 'Where it goes' }),
  clean: z.boolean().default(false).meta({ title: 'Clean' }),
  depth: z.int().optional(),
});
const choices: AbilityChoices = {
  providers: [
    provider,
    { ...service, key: 'missing', ready: false },
    { ...service, name: 'mine', title: 'Mine', kind: 'compatible', models: [] },
  ],
  targets: [
    { name: 'local', title: 'Folder', about: '', config: z.toJSONSchema(config, { io: 'input' }) },
    { name: 'none', title: 'Nowhere', about: '', config: {} },
  ],
  workspaces: ['/home/somebody/project'],
  models: async (name) =>
    name === 'mine' ? good({ models: [{ id: 'late' }] }) : bad(failures.offline('No way.')),
  now: 0,
};

/** Answers by key; `back` once wherever a key is listed twice with it first. */
async function fill(script: Record<string, (Reply | string)[]>) {
  const seen: string[] = [];
  const ask = async (step: Step): Promise<Reply> => {
    seen.push(step.key);
    const next = script[step.key]?.shift() ?? '';
    return next === 'back' || next === 'cancel' || typeof next === 'object' ? next : { answer: next };
  };
  const answers = await runWizard((given) => abilitySteps(choices, given, t), ask);
  return { answers, seen };
}

describe('the questions for a new Ability', () => {
  it('lead to an Ability with its target configured', async () => {
    const { answers, seen } = await fill({
      name: ['Site'],
      deliverable: ['website'],
      provider: ['offline'],
      target: ['local'],
      'target.local.folder': ['public'],
      'target.local.clean': ['true'],
      place: ['/home/somebody/project'],
    });
    assert.deepEqual(seen, [
      ...['name', 'deliverable', 'provider', 'target'],
      ...['target.local.folder', 'target.local.clean', 'target.local.depth', 'prompt', 'place'],
    ]);
    const made = answers && abilityOf(choices, answers);
    assert.ok(made?.ok);
    assert.equal(made.value.workspace, '/home/somebody/project');
    assert.equal(made.value.draft.deliverable, 'website');
    assert.deepEqual(made.value.draft.target, { type: 'local', config: { folder: 'public', clean: true } });
  });

  it('ask for a model and another provider only where one thinks, and for a word only for another type', async () => {
    const { answers, seen } = await fill({
      name: ['Sheets'],
      deliverable: ['+'],
      custom: ['spreadsheet'],
      provider: ['anthropic'],
      model: ['two'],
      fallback: ['mine'],
      target: ['none'],
      place: ['user'],
    });
    assert.deepEqual(seen, [
      'name',
      'deliverable',
      'custom',
      'provider',
      'model',
      'fallback',
      'target',
      'prompt',
      'place',
    ]);
    const made = answers && abilityOf(choices, answers);
    assert.ok(made?.ok);
    assert.deepEqual([made.value.draft.deliverable, made.value.draft.model], ['spreadsheet', 'two']);
    assert.deepEqual(made.value.draft.fallbacks, [{ provider: 'mine', model: '' }]);
    assert.equal(made.value.workspace, undefined);
  });

  it('offer the models that the provider lists, and those known of it where it cannot be asked', async () => {
    const listed = async (provider: string) => {
      const step = abilitySteps(choices, { provider }, t).find(({ key }) => key === 'model');
      return step?.kind === 'pick' ? (await step.later?.())?.map(({ value }) => value) : undefined;
    };
    assert.deepEqual(await listed('mine'), ['late']);
    assert.deepEqual(await listed('anthropic'), ['', 'one', 'two']);
    assert.equal(await listed('offline'), undefined);
  });

  it('leave the fallbacks to the settings, or go nowhere else', () => {
    const answers = { name: 'Site', deliverable: 'website', provider: 'mine', target: 'none', place: 'user' };
    const fallbacks = (fallback: string) => {
      const made = abilityOf(choices, { ...answers, fallback });
      return made.ok ? made.value.draft.fallbacks : null;
    };
    assert.equal(fallbacks(''), undefined);
    assert.deepEqual(fallbacks('-'), []);
  });

  it('can be gone back through, and what was left on the way is forgotten', async () => {
    const { answers, seen } = await fill({
      name: ['Site'],
      deliverable: ['+', 'document'],
      custom: ['back'],
      provider: ['offline'],
      target: ['none'],
      place: ['user'],
    });
    assert.deepEqual(seen.slice(0, 5), ['name', 'deliverable', 'custom', 'deliverable', 'provider']);
    assert.ok(answers && !('custom' in answers));
  });

  it('end with nothing when broken off', async () => {
    const { answers } = await fill({ name: ['Site'], deliverable: ['cancel'] });
    assert.equal(answers, null);
  });

  it('refuse an empty or overlong name', () => {
    const [name] = abilitySteps(choices, {}, t);
    assert.ok(name?.kind === 'text');
    assert.ok(name.wrong('  ') && name.wrong('x'.repeat(81)));
    assert.equal(name.wrong('Site'), null);
  });

  it('refuse what does not fit a field of the target, naming it', () => {
    const [folder, , depth] = targetFields(choices.targets[0]?.config);
    assert.ok(folder && depth);
    assert.equal(wrongInField(folder, '', t), 'Folder is needed.');
    assert.equal(wrongInField(depth, '', t), null);
    assert.match(wrongInField(depth, 'two', t) ?? '', /depth does not fit/);
    assert.equal(wrongInField(depth, '2', t), null);
  });
});
