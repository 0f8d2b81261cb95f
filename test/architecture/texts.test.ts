import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { teller } from '../../server/protocol/told.ts';
import { composed, workerSentences } from './workerSentences.ts';
import { targetsWithoutConfig, workerTexts } from './workerTexts.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const json = (file: string) => JSON.parse(read(file)) as Record<string, string>;

/** The literal texts that the source gives to `t(…)`. */
function textsInSource(): Set<string> {
  const sources = globSync('extension/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  const calls = /\bt\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*?)\1/g;
  const texts = sources.flatMap((file) => [...read(file).matchAll(calls)].map(([, , text]) => text ?? ''));
  return new Set(texts.map((text) => text.replace(/\\(.)/g, '$1')));
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted();

function assertTranslated(english: Record<string, string>, german: Record<string, string>): void {
  assert.deepEqual(Object.keys(german).toSorted(), Object.keys(english).toSorted());
  for (const [key, text] of Object.entries(english)) {
    const translated = german[key] ?? '';
    assert.ok(translated.trim(), key);
    assert.deepEqual(holes(translated), holes(text), key);
  }
}

describe('the texts', () => {
  it('of the source are all translated to German, and no others', () => {
    const texts = [...textsInSource()];
    assert.ok(texts.length > 100);
    assertTranslated(Object.fromEntries(texts.map((text) => [text, text])), json('l10n/bundle.l10n.de.json'));
  });

  it('that the worker brings of targets, accounts and providers are told in German', () => {
    assert.deepEqual(targetsWithoutConfig(), []);
    const german = json('l10n/worker.de.json');
    const { said } = teller(german);
    const left = [...workerTexts()].filter((text) => said(text) === text && !Object.hasOwn(german, text));
    assert.deepEqual(left, []);
  });

  it('that the worker says to a person are told in German, and its dictionary holds nothing else', () => {
    const german = json('l10n/worker.de.json');
    const { all, shown } = workerSentences();
    assert.ok(shown.size > 400);
    assert.deepEqual(
      [...shown].filter(([text]) => !Object.hasOwn(german, text)).map(([text, at]) => `${at} ${text}`),
      [],
    );
    const parts = new Set([...all, ...composed]);
    assert.deepEqual(
      Object.keys(german).filter((text) => !parts.has(text)),
      [],
    );
    for (const [text, told] of Object.entries(german)) {
      assert.ok(told.trim(), text);
      assert.deepEqual(holes(told.replaceAll('{~', '{')), holes(text), text);
    }
  });

  it('of package.json are all in English and in German', () => {
    const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? ''));
    const english = json('package.nls.json');
    assert.deepEqual([...used].toSorted(), Object.keys(english).toSorted());
    assertTranslated(english, json('package.nls.de.json'));
  });

  it('of the page are all translated to German', async () => {
    const page = path.join(root, 'webview/strings.ts');
    const { strings } = (await import(page)) as { strings: Record<string, string> };
    assertTranslated(strings, json('l10n/page.de.json'));
  });
});
