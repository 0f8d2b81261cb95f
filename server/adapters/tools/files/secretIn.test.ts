import assert from 'node:assert/strict';
import { createRedactor } from '../../../core/redaction.ts';
import { secretIn } from './secretIn.ts';

const mebibyte = 1024 * 1024;
const secret = ['a', 'known', 'secret', '4711'].join('-');

describe('the search for secrets in files that go out', () => {
  const redactor = createRedactor({ values: [secret] });
  const look = (bytes: Buffer, signal = new AbortController().signal) => {
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += mebibyte) yield bytes.subarray(at, at + mebibyte);
    }
    const blobs = {
      put: async () => '',
      get: async () => null,
      putAll: async () => ({ digest: '', size: 0 }),
      open: async () => pieces(),
    };
    const file = { path: 'a/film.mp4', digest: '', size: bytes.length, mime: 'video/mp4' };
    return secretIn([file], { blobs, redactor, signal });
  };
  const withSecretAt = (size: number, at: number, fill = 'x') => {
    const bytes = Buffer.alloc(size, fill);
    bytes.write(secret, at);
    return bytes;
  };

  it('finds one wherever it stands, over the border of two pieces too', async () => {
    for (const at of [0, mebibyte - 5, 2 * mebibyte - 1, 3 * mebibyte - secret.length]) {
      const outcome = await look(withSecretAt(3 * mebibyte, at));
      assert.ok(outcome && !outcome.ok && outcome.failure.kind === 'denied', String(at));
      assert.match(outcome.failure.what, /a\/film\.mp4/);
      assert.ok(!JSON.stringify(outcome).includes(secret));
    }
    assert.equal(await look(Buffer.alloc(3 * mebibyte, 'x')), null);
  });

  it('searches a large file to its end where it is text, and the beginning of any other', async () => {
    const end = 65 * mebibyte - 100;
    assert.notEqual(await look(withSecretAt(65 * mebibyte, end)), null);
    assert.equal(await look(withSecretAt(65 * mebibyte, end, '\0')), null);
    assert.notEqual(await look(withSecretAt(65 * mebibyte, 100, '\0')), null);
    assert.notEqual(await look(withSecretAt(64 * mebibyte, 64 * mebibyte - 100, '\0')), null);
  });

  it('stops when the job is stopped', async () => {
    const outcome = await look(Buffer.alloc(3 * mebibyte), AbortSignal.abort());
    assert.ok(outcome && !outcome.ok && outcome.failure.kind === 'cancelled');
  });
});
