import assert from 'node:assert/strict';
import { firstFile } from './deliverable.ts';

describe('the file of a deliverable that is opened first', () => {
  const first = (paths: string[], entry?: string) => {
    const mimes: Record<string, string> = { png: 'image/png', js: 'text/javascript' };
    const files = paths.map((path) => ({
      path,
      mime: mimes[path.split('.').at(-1) ?? ''] ?? 'application/zip',
    }));
    return firstFile(files, entry)?.path;
  };

  it('is the one that was published as such, where it is there', () => {
    assert.equal(first(['index.html', 'b.html'], 'b.html'), 'b.html');
    assert.equal(first(['a.html', 'index.html'], 'gone.html'), 'index.html');
  });

  it('is the page that people look at first, then a word to the reader, then any page', () => {
    assert.equal(first(['a.html', 'docs/index.html', 'Index.htm']), 'Index.htm');
    assert.equal(first(['README.md', 'a.html', 'docs/index.html']), 'docs/index.html');
    assert.equal(first(['a.html', 'docs/readme.md']), 'docs/readme.md');
    assert.equal(first(['a.zip', 'b.js', 'report.pdf']), 'report.pdf');
  });

  it('is else one that can be looked at, else any', () => {
    assert.equal(first(['a.zip', 'b.png', 'c.js']), 'b.png');
    assert.equal(first(['a.zip', 'b.zip']), 'a.zip');
    assert.equal(first([]), undefined);
  });
});
