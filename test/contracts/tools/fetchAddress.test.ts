import assert from 'node:assert/strict';
import { fetchPage } from '../../../server/adapters/tools/fetchPage.ts';
import { isPublicAddress } from '../../../server/adapters/tools/web/addresses.ts';
import { createRedactor } from '../../../server/core/redaction.ts';
import { call, kindOf, makeGround, value } from './ground.ts';
import { page, web } from './webGround.ts';

describe('an address that is not of the public internet', function () {
  this.timeout(60_000);

  it('is never connected to, in whatever form it is written', async () => {
    await using place = await web(page('secret', 'text/plain'));
    const tool = fetchPage({ ...place.reach, allows: isPublicAddress });
    const context = place.ground.context();
    for (const host of hosts) {
      const input = { url: `http://${host}:${place.port}/` };
      const plan = await tool.plan(input, context);
      if (plan.ok) assert.equal(kindOf(await tool.run(input, plan.value, context)), 'denied', host);
    }
    assert.deepEqual(place.asked, []);
  });

  it('is refused where only one of several addresses of a name is private', async () => {
    await using place = await web(page('secret', 'text/plain'));
    const tool = fetchPage({
      allows: isPublicAddress,
      resolve: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    const context = place.ground.context();
    const outcome = await tool.run(place.at(), value(await tool.plan(place.at(), context)), context);
    assert.equal(kindOf(outcome), 'denied');
    assert.deepEqual(place.asked, []);
  });

  it('is resolved once: the connection goes to what was judged, whatever the name says then', async () => {
    await using place = await web(page('first', 'text/plain'));
    let turn = 0;
    const tool = fetchPage({
      allows: () => true,
      resolve: async () => [{ address: turn++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }],
    });
    const { result } = await call(place.ground, tool, place.at());
    assert.match(result.output, /first$/);
    assert.equal(turn, 1);
  });

  it('is refused before it is planned where its form deceives', async () => {
    const tool = fetchPage();
    await using ground = await makeGround();
    for (const url of forms) assert.equal(kindOf(await tool.plan({ url }, ground.context())), 'invalid', url);
  });

  it('is refused where it would carry a secret away, in whatever form', async () => {
    await using ground = await makeGround();
    const secret = ['kept', 'very', 'secretly'].join('-');
    const context = ground.context({ redactor: createRedactor({ values: [secret] }) });
    for (const form of [
      secret,
      btoa(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('hex'),
    ]) {
      for (const url of [
        `https://example.com/?q=${form}`,
        `https://${form.toLowerCase()}.example.com/${form}`,
      ]) {
        const plan = await fetchPage().plan({ url }, context);
        assert.equal(plan.ok, false, url);
      }
    }
    assert.equal(kindOf(await fetchPage().plan({ url: 'https://example.com/?q=plain' }, context)), 'ok');
  });

  it('shows a name of another script beside its plain form', async () => {
    await using ground = await makeGround();
    const plan = value(await fetchPage().plan({ url: 'https://\u0430pple.com/' }, ground.context()));
    assert.match(plan.title, /xn--pple-43d\.com/);
    assert.match(JSON.stringify(plan.preview), /reads as \u0430pple\.com, which is xn--pple-43d\.com/);
  });

  it('is told from a public one by its number alone', () => {
    for (const address of closed) assert.equal(isPublicAddress(address), false, address);
    for (const address of ['93.184.216.34', '1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '192.169.0.1'])
      assert.equal(isPublicAddress(address), true, address);
    for (const address of ['2606:4700::1111', '2a00:1450:4001:80b::200e', '2620:fe::fe'])
      assert.equal(isPublicAddress(address), true, address);
  });
});

/** Forms of hosts that lead to this machine or a network at home. */
const hosts = [
  ...['127.0.0.1', '127.1', '127.0.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1'],
  ...[
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
  ],
  ...[
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
  ],
  ...['[fd00:ec2::254]', '[ff02::1]', '[2001:db8::1]', '[2a00::5efe:7f00:1]', '[2a00::200:5efe:a00:1]'],
  ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200'],
  ...[
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
  ],
  ...['loopback.example.com', 'LOCALHOST.example.com'],
];

const closed = [
  ...[
    '::ffff:8.8.8.8',
    '::8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::',
    'fe80::1%eth0',
    '::1',
    'no address',
    '',
  ],
  ...['240.0.0.1', '192.88.99.1', '3fff::1', '5f00::1', '100::1', '2001:10::1', '2001:20::1', 'fec0::1'],
];

const forms = [
  ...[
    'http://localhost/',
    'http://a.localhost/',
    'http://localhost./',
    'http://printer.local/',
    'http://nas/',
  ],
  ...[
    'http://metadata.google.internal/',
    'http://router.lan/',
    'http://1.0.0.127.in-addr.arpa/',
    'http://x.home.arpa/',
  ],
  ...[
    'http://name@example.com/',
    'http://name:word@example.com/',
    'https://example.com:22/',
    'http://example.com:25/',
  ],
  ...[
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'blob:https://x.com/1',
  ],
  ...[
    '//example.com',
    'example.com',
    '',
    'http://',
    'http://exam\u200bple.com/',
    'http://example.com/\u202e',
    'http:\\\\example.com',
  ],
  ...[
    'http://example.com\t.evil.com/',
    ' http://exa mple.com',
    'http://example..com/',
    `http://${'a'.repeat(300)}.com/`,
  ],
  ...[
    `https://example.com/${'a'.repeat(5000)}`,
    'http://256.256.256.256/',
    'http://[::1',
    'http://[fe80::1%25eth0]/',
  ],
];
