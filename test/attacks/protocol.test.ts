import assert from 'node:assert/strict';
import { listAbilities } from '../../server/protocol/ability.ts';
import { contract } from '../../server/protocol/index.ts';
import { type LspClient, startClient } from '../support/lspClient.ts';
import { type Stage, setStage } from '../support/stage.ts';

/** How many messages are sent that no client would send; `BUTLER_MESSAGES=10000` sends all of them. */
const count = Number(process.env.BUTLER_MESSAGES ?? 1000);

describe('a worker before malformed messages', function () {
  this.timeout(300_000);
  let stage: Stage;
  let client: LspClient;
  before(async () => {
    stage = await setStage({ serve: false });
    client = await startClient({ home: stage.home, workspace: stage.workspace });
  });
  after(async () => {
    await client.close();
    await stage.close();
  });

  it(`is alive after ${count} of them, and nothing of what it keeps has changed`, async () => {
    const chance = chanceFrom(20260131);
    const before = await stage.butler.store.head();
    for (let sent = 0; sent < count; sent += 500) {
      for (let index = 0; index < 500; index++) {
        await write(client, malformed(chance));
      }
      assert.ok((await client.send(listAbilities, {})).abilities.length > 0, `after ${sent + 500}`);
    }
    assert.equal(client.process.exitCode, null);
    assert.equal(await stage.butler.store.head(), before);
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });
});

async function write({ process: { stdin } }: LspClient, body: Buffer): Promise<void> {
  const head = `Content-Length: ${body.length}\r\n\r\n`;
  if (!stdin?.write(Buffer.concat([Buffer.from(head), body]))) {
    await new Promise((resolve) => stdin?.once('drain', resolve));
  }
}

const methods = [
  ...contract.map(({ method }) => method),
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/codeAction',
  'workspace/executeCommand',
  'workspace/didChangeWorkspaceFolders',
  '$/cancelRequest',
  '$/setTrace',
  '__proto__',
  'constructor',
  '',
];

/**
 * A message with a whole frame and a body that is broken in one of many ways. Its id is none that the client gives its
 * own requests, for that would be answered in their place.
 */
function malformed(chance: () => number): Buffer {
  const one = <T>(all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;
  const value = (depth = 0): unknown =>
    one<() => unknown>([
      () => null,
      () => chance() * 1e18 - 5e17,
      () => -1,
      () => '',
      () => 'x'.repeat(Math.floor(chance() * 2000)),
      () => '\u0000\u202e\ud800',
      () => true,
      () => [],
      () => ({}),
      () => (depth > 3 ? 0 : [value(depth + 1), value(depth + 1)]),
      () => (depth > 3 ? 0 : { id: value(depth + 1), __proto__: value(depth + 1), text: value(depth + 1) }),
    ])();
  const wrong = {
    jsonrpc: '2.0',
    method: one(methods),
    params: { unknownField: value(), text: value(), id: value() },
  };
  const text = one<() => string>([
    () => JSON.stringify(wrong),
    () => JSON.stringify({ ...wrong, id: one([0, -1, 'x', null, 1.5, {}, []]) }),
    () => JSON.stringify({ ...wrong, params: { unknownField: value() } }),
    () => JSON.stringify({ ...wrong, params: [value(), 7] }),
    () => JSON.stringify({ ...wrong, params: 'x' }),
    () => JSON.stringify({ ...wrong, jsonrpc: value() }),
    () => JSON.stringify({ ...wrong, method: value() }),
    () => JSON.stringify([wrong, wrong]),
    () => JSON.stringify({ jsonrpc: '2.0', id: 1e9 + Math.floor(chance() * 1e6), result: value() }),
    () => JSON.stringify({ jsonrpc: '2.0', id: 'x', error: value() }),
    () => JSON.stringify(value()),
    () => JSON.stringify(wrong).slice(0, Math.floor(chance() * 60)),
    () => `${'['.repeat(2000)}${']'.repeat(2000)}`,
    () => '{"jsonrpc":"2.0","method":"butler/job/create","method":"butler/job/read","id":900000009}',
  ])();
  const bytes = Buffer.from(text);
  if (chance() < 0.2 && bytes.length > 0)
    bytes[Math.floor(chance() * bytes.length)] = Math.floor(chance() * 256);
  return bytes;
}

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
