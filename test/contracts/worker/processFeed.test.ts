import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openProcesses } from '../../../server/adapters/processes/processes.ts';
import { limitsOf } from '../../../server/adapters/sandbox/limits.ts';
import { createRedactor } from '../../../server/core/redaction.ts';
import { tellProcesses } from '../../../server/main/processFeed.ts';
import { processChanged, processOutput } from '../../../server/protocol/process.ts';

describe('what a client is told of commands', () => {
  const told: { method: string; params: unknown }[] = [];
  const connection = {
    sendNotification: async (type: unknown, params: unknown) => {
      told.push({ method: String(type), params });
    },
  } as unknown as Parameters<typeof tellProcesses>[0];
  const processes = openProcesses(() => 1);
  let stop: () => void;
  const begin = (id: string, script: string) =>
    processes.begin({
      process: { id, job: 'j', session: 's', command: script, cwd: '/', background: false, sandboxed: false },
      launch: {
        file: '/bin/sh',
        args: ['-c', script],
        environment: { PATH: '/usr/bin:/bin' },
        cwd: '/',
        limits: limitsOf(20),
        redactor: createRedactor(),
        diesWithUs: false,
      },
      settle: async () => {},
    });

  beforeEach(() => {
    told.length = 0;
    stop = tellProcesses(connection, processes);
  });
  afterEach(() => stop());
  after(() => processes.close());

  const texts = (id: string) =>
    told.flatMap(({ method, params }) =>
      method === processOutput.method && processOutput.params.parse(params).id === id
        ? [processOutput.params.parse(params).text]
        : [],
    );

  it('is its beginning, all that it wrote, and its end, in this order', async () => {
    await begin('one', 'echo first; echo second >&2; exit 5').ended;
    assert.equal(told[0]?.method, processChanged.method);
    const last = processChanged.params.parse(told.at(-1)?.params).process;
    assert.deepEqual([last.state, last.exit], ['ended', 5]);
    assert.deepEqual(texts('one').join('').trim().split('\n').sort(), ['first', 'second']);
  });

  it('is told in few messages, of much output the newest part', async () => {
    await begin('much', 'seq 1 300000').ended;
    const all = texts('much');
    assert.ok(all.length < 100, `${all.length} messages`);
    assert.match(all.join(''), /300000\n$/);
    assert.ok(all.every((text) => text.length <= 64 * 1024));
  });

  it('comes before the answer to whoever reads it, so that nothing is shown twice', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'butler-feed-'));
    const read = path.join(folder, 'read');
    const running = begin('read', `echo early; until [ -e ${read} ]; do sleep 0.05; done; echo late`);
    while (processes.list().every(({ id }) => id !== 'read') || !output('read').includes('early')) {
      await new Promise((done) => setTimeout(done, 10));
    }
    const answer = output('read');
    const before = told.length;
    await writeFile(read, '');
    await running.ended;
    await rm(folder, { recursive: true });
    const later = told.slice(before).filter(({ method }) => method === processOutput.method);
    assert.equal(answer, 'early\n');
    assert.deepEqual(
      later.map(({ params }) => processOutput.params.parse(params).text),
      ['late\n'],
    );
  });

  it('is nothing any more once it is called off', async () => {
    stop();
    await begin('quiet', 'echo x').ended;
    assert.deepEqual(told, []);
  });

  function output(id: string): string {
    const found = processes.read(id);
    return found.ok ? found.value.output : '';
  }
});
