import { timingSafeEqual } from 'node:crypto';
import { failures } from '../../../../protocol/failure.ts';
import { RemoteFault } from '../../remote/remoteFault.ts';
import { fingerprintOf } from './publicKey.ts';

/**
 * Refuses a server whose key a person did not confirm. Nothing is trusted because it came first: the fingerprint
 * belongs to the account, and is compared before anything secret is sent.
 */
export function trustOnly(confirmed: string, server: string): (hostKey: Buffer) => void {
  const known = confirmed.split(/[\s,;]+/).flatMap((text) => (text === '' ? [] : [normal(text)]));
  return (hostKey) => {
    const shown = fingerprintOf(hostKey);
    if (known.some((one) => isSame(one, shown))) return;
    if (known.length === 0) {
      const what = `${server} shows the key ${shown}, which nobody confirmed yet.`;
      const mend = `Compare it with what your host says; if it is the same, connect the account with the fingerprint ${shown}.`;
      throw new RemoteFault(failures.denied(what, mend));
    }
    const what = `${server} shows the key ${shown}, but the account knows ${known.join(', ')}: somebody may pretend to be it.`;
    const mend =
      'Ask your host whether the key was changed; only then connect the account with the new fingerprint.';
    throw new RemoteFault(failures.denied(what, mend));
  };
}

function normal(text: string): string {
  const bare = text.replace(/^SHA256:/i, '').replace(/=+$/, '');
  return /^[A-Za-z0-9+/]{43}$/.test(bare) ? `SHA256:${bare}` : 'a fingerprint that is none';
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
