import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRedactor } from './redaction.ts';
import { removed } from './secrets/patterns.ts';

/** Pieces are joined here, so that no scanner takes this file for a leak. */
const joined = (...parts: readonly string[]) => parts.join('');
const letters = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY';
const key = joined('a-key-of', '-this-person/', letters, '=="x');
const pem = [
  '-----BEGIN RSA PRIV',
  'ATE KEY-----\n',
  `${letters}${letters}\n${letters}\n`,
  '-----END RSA PRIV',
  'ATE KEY-----',
];

/** What has the form of a secret, with the part that must go. */
const formed: Record<string, readonly [text: string, secret: string]> = {
  'a private key': [joined(...pem), letters],
  'a private key that is cut off': [joined(...pem.slice(0, 3)), letters],
  'a key of Anthropic': [joined('x sk-', 'ant-api03-', letters), letters],
  'a key of OpenAI': [joined('sk-', 'proj-', letters), letters],
  'a token of GitHub': [joined('(ghp', '_', letters, 'abcd)'), letters],
  'a fine token of GitHub': [joined('github', '_pat_', letters), letters],
  'a token of GitLab': [joined('glp', 'at-', letters), letters],
  'a token of Slack': [joined('xox', 'b-123456789012-', letters), letters],
  'a key of AWS': [joined('AK', 'IA', 'ABCDEFGHIJ234567'), 'ABCDEFGHIJ234567'],
  'a key of Google': [joined('AI', 'za', letters, 'abc'), letters],
  'a token of npm': [joined('npm', '_', letters, 'abcd'), letters],
  'a key of Stripe': [joined('sk', '_live_', letters), letters],
  'a token of a Telegram bot': [joined('1234567890', ':AA', letters, 'a'), letters],
  'a JSON web token': [joined('ey', 'J', letters, '.ey', 'J', letters, '.', letters), letters],
  'a header': [joined('Author', 'ization: Basic ', letters), letters],
  'a header in JSON': [joined('{"x-api', '-key": "', letters, '"}'), letters],
  'a bearer': [joined('bea', 'rer ', letters), letters],
  'a password in an address': [joined('postgres://me:', letters, '@db.invalid/x'), letters],
  'a token in an address': [joined('https://x.invalid/?a=1&access_', 'token=', letters, '&b=2'), letters],
  'a line of an environment file': [joined('export DB_PASS', 'WORD=hunter2hunter2'), 'hunter2hunter2'],
  'a password that begins like a path': [joined('MYSQL_P', 'WD=/hunter2hunter2'), 'hunter2hunter2'],
  'a quoted key in code': [joined('const api', 'Key = "', letters, '";'), letters],
};

/** What only looks a little like it, and must stay as it is. */
const harmless = [
  'const token: string = next();',
  'let maxTokens = 4096;',
  'PWD=/home/of/somebody/project',
  'OLDPWD="/home/of/somebody"',
  'PWD=C:\\Users\\somebody\\project',
  'password = request.body.password',
  'PASSWORD=$OTHER',
  'API_KEY=<your key>',
  'API_KEY=your-key-here',
  `TOKEN="\${TOKEN}"`,
  'see https://example.invalid/a?key=up',
  'https://example.invalid:8080/x@y',
  'git@example.invalid:owner/name.git',
  'commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'The Authorization: header is missing.',
  'secretary, tokenizer, keyboard, passwords',
  '"tokens": 12345678',
  'const secretName = "a plain name";',
  'sk-circle-fade-dot-animation-name',
  'const TOKEN_FILE = default_token_file',
  'sk-learn, task-force-of-the-whole-company',
];

describe('the redactor', () => {
  const redactor = createRedactor({ values: [key, 'short', 'first-line-of-it\nsecond-line-of-it'] });

  for (const [name, [text, secret]] of Object.entries(formed)) {
    it(`takes out ${name}, and leaves what stands around it`, () => {
      const clean = redactor.clean(`before ${text}\nafter`);
      assert.ok(!clean.includes(secret), clean);
      assert.ok(clean.startsWith('before ') && clean.includes(removed));
      if (!name.includes('cut off')) assert.ok(clean.endsWith('after'), clean);
      assert.equal(redactor.clean(clean), clean);
    });
  }

  for (const text of harmless) {
    it(`leaves ${JSON.stringify(text)} alone`, () => assert.equal(redactor.clean(text), text));
  }

  it('takes out what it knows in every form in which it may be written', () => {
    const bytes = Buffer.from(key);
    const forms = [
      key,
      JSON.stringify({ key }),
      JSON.stringify(JSON.stringify({ key })),
      encodeURIComponent(key),
      new URLSearchParams({ key }).toString(),
      encodeURIComponent(key).replace(/%../g, (one) => one.toLowerCase()),
      encodeURIComponent(key).replaceAll('%2F', '/'),
      encodeURI(key),
      key.replaceAll('"', '&quot;'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      Buffer.from(`x${key}`).toString('base64'),
      Buffer.from(`user:${key}:more`).toString('base64'),
      Buffer.from(`xy${key}y`).toString('base64url'),
      'second-line-of-it',
    ];
    for (const form of forms) {
      const clean = redactor.known(`<${form}>`);
      assert.ok(clean.includes(removed), form);
      assert.ok(!clean.includes(form.slice(4, 20)), clean);
    }
    const marked = "it's-(a)&<very>-*secret*!-word";
    const other = createRedactor({ values: [marked] });
    for (const form of [
      encodeURIComponent(marked).replace(
        /[!'()*]/g,
        (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
      marked.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      marked
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll("'", '&#39;'),
    ]) {
      assert.equal(other.known(`<${form}>`), `<${removed}>`, form);
    }
    assert.equal(redactor.known('short and sweet'), 'short and sweet');
  });

  it('takes out what it knows where base 64 or hexadecimal digits of it go over lines', () => {
    for (const before of ['', 'x', 'xy', 'a longer beginning of the file\n'.repeat(3)]) {
      for (const [form, width] of [
        ['base64', 76],
        ['base64', 64],
        ['hex', 60],
        ['base64url', 40],
      ] as const) {
        const lines =
          Buffer.from(`${before}${key}\nmore\n`)
            .toString(form)
            .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        for (const end of ['\n', '\r\n']) {
          const clean = redactor.known(`from\n${lines.join(end)}${end}to`);
          assert.ok(clean.includes(removed), lines.join(end));
          assert.ok(clean.startsWith('from\n') && clean.endsWith('\nto'), clean);
        }
      }
    }
    const harmlessLines = `${'ab12'.repeat(19)}\n${'cd34'.repeat(10)}\n`;
    assert.equal(redactor.known(harmlessLines), harmlessLines);
  });

  it('looks for lines that go on in the time that a text takes, however long', () => {
    const started = performance.now();
    for (const text of ['a'.repeat(2_000_000), `${'a'.repeat(39)}\n`.repeat(50_000), 'a/'.repeat(500_000)])
      redactor.known(text);
    assert.ok(performance.now() - started < 3000);
  });

  it('learns while it works, and cleans the texts of any JSON value', () => {
    const one = createRedactor();
    const value = { a: [`x ${key}`, 1, null], [key]: true };
    assert.equal(one.knownIn(value), value);
    one.learn([null, undefined, '', key]);
    assert.deepEqual(one.knownIn(value), { a: [`x ${removed}`, 1, null], [removed]: true });
    const clean = { a: ['b'] };
    assert.equal(one.knownIn(clean), clean);
  });

  it('finds in pieces, wherever they are cut, what it finds in the whole', () => {
    const secrets = fc.constantFrom(
      ...Object.values(formed).map(([text]) => text),
      key,
      encodeURIComponent(key),
    );
    const plain = fc.constantFrom('plain words ', '\n', '\r', 'a'.repeat(50), '-----', ' = ', 'é');
    const texts = fc.array(
      fc.oneof(
        plain,
        secrets.map((one) => `\n${one}\n`),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        (all, sizes) => {
          const text = all.join('');
          const stream = redactor.stream();
          let passed = '';
          for (let at = 0, turn = 0; at < text.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            passed += stream.push(text.slice(at, at + size));
            at += size;
          }
          passed += stream.end();
          assert.equal(passed, redactor.clean(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('cuts a line without an end, and no secret with it', () => {
    const stream = redactor.stream();
    const piece = `some words and then ${key} and more of them `;
    let passed = '';
    for (let count = 0; count < 2000; count++) passed += stream.push(piece);
    assert.ok(passed.length > 50_000);
    passed += stream.end();
    assert.equal(passed, redactor.clean(piece.repeat(2000)));
  });

  const long = 10_000_000;
  for (const piece of [
    'plain text of a log ',
    'eyJ',
    'eyJ.',
    'sk-',
    '-----BEGIN PRIVATE KEY-----',
    'token=',
    'password: "',
    'authorization: ',
    '://a:',
    'TOKEN_',
    'aaaaaaaa',
    key.slice(0, -1),
    ' \t= ',
    '?key=',
  ]) {
    it(`takes no long time over 10 MB of ${JSON.stringify(piece.slice(0, 30))}`, () => {
      redactor.clean(piece.repeat(long / piece.length));
    });
  }
});
