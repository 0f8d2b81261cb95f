import assert from 'node:assert/strict';
import { plainAddress } from './plainAddress.ts';

describe('an address that is shown', () => {
  it('stays as it is where its host is plain, or it has none', () => {
    const plain = [
      'https://example.org/site/',
      'sftp://anna@example.org:22/var/www',
      's3://bucket/prefix',
      './public',
      'https://[::1]:8080/a',
      '',
    ];
    for (const address of plain) assert.deepEqual(plainAddress(address), { address, note: null });
  });

  it('has no letter in its host that looks like another, and says so', () => {
    const { address, note } = plainAddress('https://ex\u0430mple.org:8443/\u00fc');
    assert.equal(address, 'https://xn--exmple-4nf.org:8443/\u00fc');
    assert.match(note ?? '', /xn--exmple-4nf\.org/);
    assert.match(plainAddress('https://xn--exmple-4nf.org/').note ?? '', /look closely/);
  });

  it('names the host where something before it looks like one', () => {
    const { address, note } = plainAddress('sftp://example.org@evil.example/site');
    assert.equal(address, 'sftp://example.org@evil.example/site');
    assert.match(note ?? '', /host "evil\.example"/);
  });

  it('is spelled out where it is no host at all', () => {
    assert.match(plainAddress('https://a\u202eb c/x').address, /^https:\/\/[!-~]+\/x$/);
  });
});
