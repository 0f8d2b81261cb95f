import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ciphers, type Keys, macs, openPlainly, openWith, sealPlainly, sealWith } from './cipher.ts';

const ways = Object.entries(ciphers).flatMap(([cipherName, cipher]) =>
  Object.entries(macs).map(([macName, mac]) => ({
    name: `${cipherName} with ${macName}`,
    keys: {
      cipher,
      mac,
      key: randomBytes(cipher.key),
      iv: randomBytes(cipher.iv),
      macKey: randomBytes(mac.key),
    },
  })),
);

describe('the packets of SSH', () => {
  it('come back as they went, in any pieces, under each way to encrypt', () => {
    for (const { name, keys } of ways) {
      const [seal, open] = [sealWith(keys), openWith(keys)];
      for (let number = 0; number < 40; number++) {
        const payload = randomBytes(1 + number * 37);
        const packet = seal(payload, number);
        assert.equal(open(packet.subarray(0, number % packet.length), number), null);
        assert.equal(open(packet.subarray(0, packet.length - 1), number), null);
        const got = open(Buffer.concat([packet, randomBytes(50)]), number);
        assert.deepEqual(got?.payload, payload, name);
        assert.equal(got?.used, packet.length);
      }
    }
  });

  it('are refused when one bit was changed or one is out of turn, under each way to encrypt', () => {
    for (const { name, keys } of ways) {
      const packet = sealWith(keys)(randomBytes(60), 7);
      for (let at = 0; at < packet.length; at++) {
        const spoiled = Buffer.from(packet);
        spoiled[at] = (spoiled[at] ?? 0) ^ 4;
        assert.equal(openedOr(keys, spoiled), null, `${name}, byte ${at}`);
      }
      if (!name.includes('gcm')) assert.throws(() => openWith(keys)(packet, 8), /changed/);
    }
  });

  it('of an impossible length are refused before there is room made for them', () => {
    for (const length of [0, 4, 300_000, 2 ** 32 - 1]) {
      const packet = Buffer.alloc(64);
      packet.writeUInt32BE(length);
      assert.throws(() => openPlainly(packet, 0), /length/);
    }
    assert.deepEqual(openPlainly(sealPlainly(Buffer.from('abc'), 0), 0)?.payload, Buffer.from('abc'));
  });
});

/** What a packet holds; `null` where it is refused, or more is waited for. */
function openedOr(keys: Keys, packet: Buffer): unknown {
  try {
    return openWith(keys)(packet, 7);
  } catch (error) {
    assert.match(String(error), /packet/);
    return null;
  }
}
