import assert from 'node:assert/strict';
import { readLink } from './links.ts';

describe('readLink', () => {
  it('knows the web and files with lines', () => {
    assert.deepEqual(readLink('https://example.org/a'), { kind: 'web', url: 'https://example.org/a' });
    assert.deepEqual(readLink('docs/guide.md'), { kind: 'file', path: 'docs/guide.md' });
    assert.deepEqual(readLink('src/a.ts:12'), { kind: 'file', path: 'src/a.ts', line: 12 });
    assert.deepEqual(readLink('src/a%20b.ts#L3-L9'), { kind: 'file', path: 'src/a b.ts', line: 3 });
  });

  it('leads nowhere for any other scheme', () => {
    for (const href of [
      'javascript:alert(1)',
      'command:x',
      'vscode://x',
      'file:///etc/passwd',
      '//host/x',
      '#top',
    ]) {
      assert.equal(readLink(href), null, href);
    }
  });
});
