import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { McpHost, McpPlace } from '../../../server/core/ports/mcp.ts';
import { good } from '../../../server/protocol/failure.ts';
import { gone, isGone } from '../../support/gone.ts';
import { scripted, seen, shortHost, tool, value } from './mcpStage.ts';
import type { Noted, Script } from './script.ts';

describe('the life of MCP servers in a worker', function () {
  this.timeout(60_000);
  let folder = '';
  let host: McpHost;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-mcp-')));
    host = shortHost(path.join(folder, 'private'));
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  const set = async (script: Script): Promise<McpPlace> => {
    await writeFile(path.join(folder, 'one.json'), JSON.stringify(script));
    return { key: 'one', digest: 'd'.repeat(64), open: async () => good(scripted(folder, 'one')) };
  };
  const notes = (): Noted[] =>
    readFileSync(path.join(folder, 'one.notes'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Noted);
  const pids = () => notes().flatMap(({ pid, child }) => [pid, child].filter((one) => one !== undefined));
  const starts = () => notes().filter(({ pid }) => pid !== undefined).length;
  const control = () => ({ signal: new AbortController().signal, progress: () => undefined });

  it('is shared by all that use one at the same time', async () => {
    const place = await set({ tools: [tool('look')] });
    const all = await Promise.all(Array.from({ length: 20 }, () => host.call(place, 'look', {}, control())));
    assert.ok(all.every(({ ok }) => ok));
    assert.equal(starts(), 1);
  });

  it('ends when nobody used it for a while, and begins anew with the next use', async () => {
    const place = await set({ tools: [tool('look')] });
    value(await host.offer(place));
    await gone(...pids());
    assert.equal(host.standing('one').state, 'idle');
    value(await host.offer(place));
    assert.equal(starts(), 2);
  });

  it('ends with the worker, also what ignores its end, with all that it started', async () => {
    const place = await set({ tools: [tool('look')], stubborn: true, child: true });
    value(await host.offer(place));
    assert.equal(pids().length, 3);
    await host.close();
    await gone(...pids());
  });

  it('ends with a worker that was killed, also what ignores its end', async () => {
    await set({ tools: [tool('look')], stubborn: true, child: true });
    const worker = spawn(process.execPath, [path.join(import.meta.dirname, 'killedHost.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => worker.stdout.once('data', resolve));
    const running = pids();
    assert.equal(running.length, 3);
    assert.ok(!running.some(isGone));
    worker.kill('SIGKILL');
    await gone(...running);
  });

  it('that falls over is begun anew, but not at once and not without end', async () => {
    const place = await set({ tools: [tool('look')], fails: { at: 'call', how: 'crash' } });
    const fallen = await host.call(place, 'look', {}, control());
    assert.match(!fallen.ok ? fallen.failure.what : '', /it fell over at call/);
    const restless = await host.call(place, 'look', {}, control());
    assert.match(!restless.ok ? restless.failure.what : '', /failed/);
    assert.equal(starts(), 1);
    await set({ tools: [tool('look')] });
    host.forgive('one');
    assert.equal(value(await host.call(place, 'look', {}, control())), 'did look');
  });

  for (const at of ['start', 'initialize', 'list'] as const) {
    it(`does not wait for one that hangs at ${at}, and leaves nothing of it`, async () => {
      const place = await set({ tools: [tool('look')], fails: { at, how: 'hang' } });
      await host.close();
      host = shortHost(path.join(folder, 'private'), longEnough);
      const offered = await host.offer(place);
      assert.equal(offered.ok, false);
      await gone(...pids());
    });
    it(`says what one that falls over at ${at} complained of`, async () => {
      const offered = await host.offer(await set({ fails: { at, how: 'crash' } }));
      assert.match(!offered.ok ? offered.failure.what : '', new RegExp(`it fell over at ${at}`));
    });
  }

  it('does not wait for a call that hangs, and can be stopped in the middle of one', async () => {
    const place = await set({ tools: [tool('look')], fails: { at: 'call', how: 'hang' } });
    const late = await host.call(place, 'look', {}, control());
    assert.equal(late.ok, false);
    const stop = new AbortController();
    const stopped = host.call(place, 'look', {}, { signal: stop.signal, progress: () => undefined });
    await pause(100);
    stop.abort();
    assert.equal((await stopped).ok, false);
    await seen(() => notes().some(({ method }) => method === 'notifications/cancelled'));
  });

  it('does not keep the worker from ending while one hangs at its start', async () => {
    const patient = shortHost(path.join(folder, 'private'), 600_000);
    const place = await set({ fails: { at: 'initialize', how: 'hang' } });
    const offered = patient.offer(place);
    await seen(
      () => patient.standing('one').state === 'starting' && existsSync(path.join(folder, 'one.notes')),
    );
    await patient.close();
    assert.equal((await offered).ok, false);
    await gone(...pids());
  });

  it('tells how far a call is', async () => {
    const place = await set({ tools: [tool('look')], steps: 4 });
    const told: number[] = [];
    const { signal } = new AbortController();
    value(await host.call(place, 'look', {}, { signal, progress: (fraction) => told.push(fraction) }));
    assert.deepEqual(told, [0.25, 0.5, 0.75, 1].slice(0, told.length));
    assert.ok(told.length > 0);
  });

  it('that cannot even be begun is a failure like any other', async () => {
    await writeFile(path.join(folder, 'private'), 'a file where a folder should be');
    const offered = await host.offer(await set({}));
    assert.match(!offered.ok ? offered.failure.what : '', /cannot be started/);
    assert.equal(host.standing('one').state, 'failed');
  });

  it('leaves no guard where a program cannot even be named', async () => {
    const open = async () =>
      good({ kind: 'stdio' as const, command: process.execPath, args: ['a\0b'], env: {} });
    const offered = await host.offer({ key: 'one', digest: 'd', open });
    assert.equal(offered.ok, false);
    await host.close();
    await seen(() => guardsOf(process.pid) === 0);
  });

  it('ends one of another command before the new one begins', async () => {
    const place = await set({ tools: [tool('look')] });
    value(await host.offer(place));
    const first = pids();
    value(await host.offer({ ...place, digest: 'e'.repeat(64) }));
    assert.ok(first.every(isGone));
    assert.equal(starts(), 2);
  });
});

/** How long a test waits for a server that never comes, in ms; it must have begun by then. */
const longEnough = 2_000;

/** How many shells that watch over servers a process has started and not ended. */
function guardsOf(parent: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,args=', '--ppid', String(parent)], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes('read -r group') && !line.startsWith('Z')).length;
}
