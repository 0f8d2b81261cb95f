import assert from 'node:assert/strict';
import * as z from 'zod';
import type { TargetInfo } from '../server/protocol/target.ts';
import { targetFields, textOfField, valueOfField, wrongInField } from './targetFields.ts';
import { answersOfConfig, configOf, moreKey, targetSteps } from './targetSteps.ts';
import { english as t } from './translate.ts';

const config = z.strictObject({
  bucket: z.string().min(1).meta({ title: 'Bucket', description: 'Its name' }),
  mode: z.enum(['commit', 'release']).default('commit').meta({ title: 'How' }),
  notify: z.boolean().default(true).meta({ title: 'Notify' }),
  seconds: z.int().min(1).max(60).default(30).meta({ title: 'Seconds' }),
  tags: z.array(z.string()).default([]).meta({ title: 'Tags' }),
  kinds: z
    .array(z.enum(['page', 'asset']))
    .optional()
    .meta({ title: 'Kinds' }),
  limits: z.strictObject({ rate: z.number().optional(), note: z.string().nullable().optional() }).optional(),
});
const target: TargetInfo = {
  ...{ name: 'store', title: 'Store', about: '' },
  config: z.toJSONSchema(config, { io: 'input' }),
};
const fields = targetFields(target.config);
const field = (name: string) => {
  const found = fields.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

describe('the fields of a target', () => {
  it('are read from its schema, those of objects within it too, with kinds, choices and what they are by themselves', () => {
    assert.deepEqual(
      fields.map(({ name, type, choices, preset, required }) => [name, type, choices, preset, required]),
      [
        ['bucket', 'string', [], '', true],
        ['mode', 'string', ['commit', 'release'], 'commit', false],
        ['notify', 'boolean', ['true', 'false'], 'true', false],
        ['seconds', 'integer', [], '30', false],
        ['tags', 'list', [], '', false],
        ['kinds', 'list', ['page', 'asset'], '', false],
        ['limits.rate', 'number', [], '', false],
        ['limits.note', 'string', [], '', false],
      ],
    );
  });

  it('say what is wrong with a text, and its least and most', () => {
    assert.equal(wrongInField(field('seconds'), '0', t), 'Seconds must be 1 at least.');
    assert.equal(wrongInField(field('seconds'), '61', t), 'Seconds must be 60 at most.');
    assert.match(wrongInField(field('seconds'), '1.5', t) ?? '', /does not fit/);
    assert.match(wrongInField(field('kinds'), '["other"]', t) ?? '', /does not fit/);
    assert.equal(wrongInField({ ...field('bucket'), pattern: '(' }, 'x', t), null);
  });

  it('take a list with commas or as it is kept, and give it back as it was', () => {
    assert.deepEqual(valueOfField(field('tags'), 'garden, , spring'), ['garden', 'spring']);
    assert.deepEqual(valueOfField(field('tags'), '["a,b"]'), ['a,b']);
    assert.equal(textOfField(field('tags'), { tags: ['a,b'] }), '["a,b"]');
    assert.equal(textOfField(field('limits.rate'), { limits: { rate: 2 } }), '2');
    assert.equal(textOfField(field('limits.rate'), { limits: ['rate'] }), '');
  });
});

describe('the questions about a target', () => {
  it('ask for what it must know, and for the rest only when it is wanted', () => {
    const keys = (more: string) => targetSteps(target, { [moreKey]: more }, t).map(({ key }) => key);
    assert.deepEqual(keys('no'), ['target.store.bucket', moreKey]);
    assert.deepEqual(keys('yes'), [
      'target.store.bucket',
      moreKey,
      ...fields.slice(1).map(({ name }) => `target.store.${name}`),
    ]);
    const [, , , notify, , , kinds] = targetSteps(target, { [moreKey]: 'yes' }, t);
    assert.ok(notify?.kind === 'pick' && kinds?.kind === 'many');
    assert.deepEqual(
      notify.choices.map(({ label, description }) => [label, description]),
      [
        ['As the target does by itself', 'Yes'],
        ['Yes', undefined],
        ['No', undefined],
      ],
    );
  });

  it('lead to a config that fits the schema', () => {
    const answers = {
      ...{
        'target.store.bucket': 'b',
        [moreKey]: 'yes',
        'target.store.notify': 'false',
        'target.store.seconds': '5',
      },
      ...{
        'target.store.tags': 'one, two',
        'target.store.kinds': '["asset"]',
        'target.store.limits.rate': '1.5',
        'target.store.mode': '',
      },
    };
    const made = configOf(target, answers);
    assert.deepEqual(made, {
      ...{ bucket: 'b', notify: false, seconds: 5, tags: ['one', 'two'], kinds: ['asset'] },
      limits: { rate: 1.5 },
    });
    assert.ok(config.safeParse(made).success);
  });

  it('leave what was set before as it was where it is not asked for, and forget what was emptied', () => {
    const before = { bucket: 'old', seconds: 7, limits: { note: 'kept' } };
    const answers = answersOfConfig(target, before);
    assert.deepEqual(answers, {
      'target.store.bucket': 'old',
      'target.store.seconds': '7',
      'target.store.limits.note': 'kept',
    });
    assert.deepEqual(configOf(target, { 'target.store.bucket': 'new', [moreKey]: 'no' }, before), {
      ...before,
      bucket: 'new',
    });
    const emptied = { ...answers, [moreKey]: 'yes', 'target.store.seconds': '' };
    assert.deepEqual(configOf(target, emptied, before), { bucket: 'old', limits: { note: 'kept' } });
  });
});
