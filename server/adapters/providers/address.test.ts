import assert from 'node:assert/strict';
import { addressOf, sentOnTo } from './address.ts';
import { googleVideo } from './google/video.ts';
import { Refusal } from './refusal.ts';

describe('where a key may go', () => {
  const google = { baseURL: 'https://generativelanguage.googleapis.com', hosts: googleVideo.hosts };

  it('is the service itself, and other hosts of its own over https', () => {
    for (const at of [
      'https://generativelanguage.googleapis.com/download/v1beta/files/f:download?alt=media',
      'https://storage.googleapis.com/films/f',
      'https://www.googleapis.com/download/f',
    ])
      assert.equal(addressOf(google, at), at);
    assert.equal(addressOf(google, '/v1beta/x'), `${google.baseURL}/v1beta/x`);
  });

  it('is nowhere else, however it is written', () => {
    for (const at of [
      'http://storage.googleapis.com/f',
      'https://storage.googleapis.com:8443/f',
      'https://evilgoogleapis.com/f',
      'https://googleapis.com.example/f',
      'https://googleapis.com@example.org/f',
      'https://a:b@storage.googleapis.com/f',
      'file:///etc/passwd',
      'no address',
    ])
      assert.throws(() => addressOf(google, at), /not its own/, at);
  });

  it('is no host of Google where the key was given for another place', () => {
    const proxy = { ...google, baseURL: 'https://models.example.org' };
    assert.throws(() => addressOf(proxy, 'https://storage.googleapis.com/f'), /not its own/);
    assert.throws(() => addressOf({ baseURL: google.baseURL }, 'https://storage.googleapis.com/f'));
  });

  it('is where an answer sends on to, and only such an answer', () => {
    const answered = (status: number, location?: string) =>
      sentOnTo(
        new Refusal(status, (name) => (name === 'location' ? (location ?? null) : null), ''),
        `${google.baseURL}/a/b`,
      );
    assert.equal(answered(302, '/c'), `${google.baseURL}/c`);
    assert.equal(answered(308, 'https://example.org/c'), 'https://example.org/c');
    for (const other of [answered(302), answered(304, '/c'), answered(404, '/c'), answered(302, 'http://')])
      assert.equal(other, null);
    assert.equal(sentOnTo(new Error('x'), google.baseURL), null);
  });
});
