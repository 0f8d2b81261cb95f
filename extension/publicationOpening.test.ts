import assert from 'node:assert/strict';
import path from 'node:path';
import type { Publication } from '../server/protocol/deliverable.ts';
import { addressOf, openingOf, wantsLink } from './publicationOpening.ts';

const base = { execution: 'e1', target: 's3', location: '', entry: 'index.html', time: 1 } as const;

describe('what was published', () => {
  it('opens at its page, not at the root of its place', () => {
    const url = 'https://cdn.example/docs/index.html';
    const there: Publication = { ...base, location: 'https://cdn.example/docs/', url, visibility: 'public' };
    assert.deepEqual(openingOf(there, null), { kind: 'browser', address: url });
    assert.equal(wantsLink(there), false);
    assert.equal(addressOf(there), url);
  });

  it('opens through the link that lets in, where not everybody may see it', () => {
    const there: Publication = { ...base, location: 's3://site/docs', visibility: 'private' };
    const link = 'https://s3.example/site/docs/index.html?sign=1';
    assert.equal(wantsLink(there), true);
    assert.deepEqual(openingOf(there, link), { kind: 'browser', address: link });
  });

  it('opens at its location where that is a page itself, as a pull request is', () => {
    const location = 'https://github.example/octo/site/pull/7';
    const there: Publication = { ...base, location, visibility: 'public' };
    assert.deepEqual(openingOf(there, null), { kind: 'browser', address: location });
  });

  it('is an address to copy where no browser opens its kind', () => {
    for (const location of ['sftp://anna@host:22/www', 'ftp://host/www', 's3://site/docs', 'www/site']) {
      const there: Publication = { ...base, location, visibility: 'server' };
      assert.deepEqual(openingOf(there, null), { kind: 'copy', address: location });
    }
  });

  it('opens as a file only where it stands on this machine, whatever a server calls its place', () => {
    const location = path.resolve('public');
    const file = path.join(location, 'index.html');
    assert.deepEqual(openingOf({ ...base, location }, null), { kind: 'here', file });
    assert.deepEqual(openingOf({ ...base, location, visibility: 'local' }, null), { kind: 'here', file });
    const foreign: Publication = { ...base, location, visibility: 'server' };
    assert.deepEqual(openingOf(foreign, null), { kind: 'copy', address: location });
    const elsewhere: Publication = { ...base, location: 'file:///etc/hosts', visibility: 'public' };
    assert.equal(openingOf(elsewhere, null).kind, 'copy');
    const old: Publication = { ...base, location: 'sftp://anna@host:22/www' };
    assert.equal(openingOf(old, null).kind, 'copy');
  });
});
