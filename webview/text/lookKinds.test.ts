import assert from 'node:assert/strict';
import { firstLook, languageOf, lookKind, resolvePath } from './lookKinds.ts';

const file = (path: string, mime: string) => ({ path, mime, digest: 'a'.repeat(64), size: 1 });

describe('a look at a file', () => {
  it('depends on what the file says of itself and on its name', () => {
    const kinds = [
      ...[file('a.html', 'text/html'), file('a.md', 'text/markdown'), file('a.png', 'image/png')],
      ...[file('a.svg', 'image/svg+xml'), file('a.mp3', 'audio/mpeg'), file('a.mp4', 'video/mp4')],
      ...[file('a.json', 'application/json'), file('a.rs', 'application/octet-stream')],
      ...[file('a.pdf', 'application/pdf'), file('a.zip', 'application/zip'), file('a.tiff', 'image/tiff')],
    ].map(lookKind);
    assert.deepEqual(kinds, [
      ...['website', 'markdown', 'image', 'image', 'audio', 'video', 'text', 'text', 'pdf', 'none', 'none'],
    ]);
    assert.equal(languageOf('src/a.TSX'), 'typescript');
    assert.equal(languageOf('constructor'), '');
    assert.equal(languageOf('a.constructor'), '');
  });

  it('begins with what was published as the first, then with the usual names, then with what can be shown', () => {
    const files = [
      file('a.zip', 'application/zip'),
      file('b.png', 'image/png'),
      file('docs/index.html', 'text/html'),
    ];
    assert.equal(firstLook(files, 'b.png')?.path, 'b.png');
    assert.equal(firstLook(files)?.path, 'docs/index.html');
    assert.equal(firstLook(files.slice(0, 2))?.path, 'b.png');
    assert.equal(firstLook(files.slice(0, 1))?.path, 'a.zip');
    const pdf = file('c.pdf', 'application/pdf');
    assert.equal(firstLook([pdf, ...files.slice(0, 2)])?.path, 'b.png');
    assert.equal(firstLook([...files.slice(0, 1), pdf])?.path, 'c.pdf');
  });
});

describe('a link in a file of a deliverable', () => {
  it('leads to a path among its files, or nowhere', () => {
    assert.deepEqual(resolvePath('pages/north.html', '../index.html?x#top'), {
      path: 'index.html',
      anchor: 'top',
    });
    assert.deepEqual(resolvePath('a b/ü.html', 'ö%20.html'), { path: 'a b/ö .html', anchor: '' });
    assert.deepEqual(resolvePath('index.html', '/style.css'), { path: 'style.css', anchor: '' });
    assert.deepEqual(resolvePath('index.html', '../../../etc/passwd'), { path: 'etc/passwd', anchor: '' });
    for (const link of [
      'https://example.org/',
      '//example.org/',
      'javascript:1',
      'data:,',
      'a%ff.html',
      '\\\\host\\x',
    ]) {
      const found = resolvePath('index.html', link);
      assert.ok(found === null || found.path === 'x', link);
    }
  });
});
