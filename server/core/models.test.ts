import assert from 'node:assert/strict';
import { ProviderKind } from '../protocol/provider.ts';
import data from './models.json' with { type: 'json' };
import { factsOf, mediaUsd, priceOf, pricesOf } from './models.ts';

const lists = Object.entries(data.kinds).map(([kind, list]) => ({ kind: ProviderKind.parse(kind), list }));
const named = lists.flatMap(({ kind, list }) =>
  Object.keys(list.models).map((name) => ({ kind, name, facts: factsOf(kind, name) })),
);
const million = { input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 };

describe('the list of models', () => {
  it('is of a day and knows every kind of provider', () => {
    assert.match(pricesOf, /^20\d\d-[01]\d-[0-3]\d$/);
    assert.deepEqual(lists.map(({ kind }) => kind).sort(), [...ProviderKind.options].sort());
  });

  it('leaves room for a request beside the longest answer', () => {
    const all = [...named, ...lists.map(({ kind }) => ({ kind, name: '', facts: factsOf(kind, '') }))];
    for (const { kind, name, facts } of all) {
      const where = `${kind} ${name}`;
      assert.ok(Number.isInteger(facts.context) && Number.isInteger(facts.output), where);
      assert.ok(facts.output > 0 && facts.output <= facts.context / 2, where);
      assert.ok((facts.input ?? facts.context) <= facts.context, where);
      assert.ok(facts.result > 0, where);
    }
  });

  it('names no price below nothing, and none for a cache that is dearer to read than to ask anew', () => {
    for (const { kind, name, facts } of named) {
      for (const price of [facts.usd, facts.usd?.long]) {
        if (!price) continue;
        assert.ok(Math.min(price.input, price.output, price.cacheRead, price.cacheWrite) >= 0, name);
        assert.ok(price.cacheRead <= price.input && price.input <= price.output, `${kind} ${name}`);
      }
      assert.ok((facts.usd?.long?.above ?? 0) < facts.context, `${kind} ${name}`);
    }
  });

  it('finds each entry by its own name, and by a name that a date or a tag follows', () => {
    for (const { kind, name, facts } of named) {
      assert.deepEqual(factsOf(kind, `${name}-20261121`), facts, name);
      assert.deepEqual(factsOf(kind, `${name}:tag`), facts, name);
    }
  });
});

describe('what is known of a model', () => {
  it('is that of the longest beginning of its name', () => {
    assert.equal(factsOf('openai', 'gpt-5-mini-2025-08-07').usd?.input, 0.25);
    assert.equal(factsOf('ollama', 'qwen3:8b').context, 32_768);
  });

  it('is not taken from another version', () => {
    for (const model of ['claude-opus-5-9', 'claude-opus-6'])
      assert.equal(factsOf('anthropic', model).usd, null);
    for (const model of ['gpt-5.9', 'gpt-50']) assert.equal(factsOf('openai', model).usd, null);
  });

  it('prices nothing where no price is known or nothing was counted', () => {
    assert.equal(priceOf({ usd: null }, million), null);
    assert.equal(priceOf(factsOf('offline', ''), null), null);
    assert.equal(priceOf(factsOf('offline', ''), million), 0);
  });

  it('prices pictures by the piece, speech by the minute, videos by the second, and nothing unknown', () => {
    assert.equal(mediaUsd('gpt-image-2', {}), 0.07);
    assert.equal(mediaUsd('gpt-4o-mini-tts', { characters: 1800 }), 0.03);
    assert.equal(mediaUsd('gemini-omni-1.1-flash', { seconds: 8 }), 0.8);
    for (const model of ['another', 'toString', '__proto__']) assert.equal(mediaUsd(model, {}), null);
  });

  it('prices the whole of a long request as such', () => {
    const facts = factsOf('google', 'gemini-2.5-pro');
    assert.equal(priceOf(facts, { ...million, input: 200_000, output: 1_000_000 }), 10.25);
    assert.equal(priceOf(facts, { ...million, input: 150_000, cacheRead: 50_001, output: 0 }), 0.38750025);
  });
});
