import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { snapshotOf } from '../contracts/tools/ground.ts';
import { skipBecause } from '../run/countReporter.ts';
import { makeHostileRepository } from './hostileRepository.ts';

const strace = '/usr/bin/strace';
const worker = path.join(import.meta.dirname, '../../dist/worker.mjs');

describe('a hostile repository', function () {
  this.timeout(120_000);
  let root: string;
  let workspace: string;
  let marks: string;
  beforeEach(async function () {
    if (!existsSync(strace)) skipBecause(this, 'strace, which records what a process does, is not installed');
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-hostile-')));
    workspace = path.join(root, 'repository');
    marks = path.join(root, 'marks');
    await makeHostileRepository(workspace, marks);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('without trust: the worker reads nothing of it, starts nothing, opens no socket, writes nothing', async () => {
    const before = await snapshotOf(workspace);
    const calls = await recorded({ trusted: false });
    assert.deepEqual(calls.filter(isStart), []);
    assert.deepEqual(calls.filter(isSocket), []);
    assert.deepEqual(
      calls.filter((call) => call.includes(`"${workspace}/`)),
      [],
    );
    assert.deepEqual(await snapshotOf(workspace), before);
    assert.deepEqual(await readdir(marks), []);
  });

  it('with trust: before the first act nothing is started, no socket opened, nothing of it written', async () => {
    const before = await snapshotOf(workspace);
    const calls = await recorded({ trusted: true });
    assert.deepEqual(calls.filter(isStart), []);
    assert.deepEqual(calls.filter(isSocket), []);
    const written = calls.filter(
      (call) => call.includes(`"${workspace}`) && /O_WRONLY|O_RDWR|O_CREAT/.test(call),
    );
    assert.deepEqual(written, []);
    assert.deepEqual(await snapshotOf(workspace), before);
    assert.deepEqual(await readdir(marks), []);
  });

  it('with trust: an act that asks git and searches runs none of its programs', async () => {
    await recorded({ trusted: true, act: '/release-notes' });
    await recorded({ trusted: true, act: '/todo' });
    assert.deepEqual(await readdir(marks), []);
  });

  /** Starts the worker in the repository as hostile surroundings have it; answers what it asked of the system. */
  async function recorded({ trusted, act }: { trusted: boolean; act?: string }): Promise<string[]> {
    const log = path.join(root, 'calls.txt');
    const traced = ['-f', '-qq', '-s', '400', '-o', log, '-e', 'trace=process,network,openat,open,creat'];
    const child = spawn(strace, [...traced, process.execPath, worker, '--stdio'], {
      cwd: workspace,
      env: {
        PATH: `${workspace}/node_modules/.bin:.:${process.env.PATH}`,
        HOME: root,
        BUTLER_HOME: path.join(root, 'home'),
        BUTLER_KEYCHAIN: 'off',
        RIPGREP_CONFIG_PATH: path.join(workspace, '.ripgreprc'),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const wire = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    wire.onError(() => undefined);
    wire.listen();
    const uri = pathToFileURL(workspace).href;
    await wire.sendRequest('initialize', {
      processId: null,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'repository' }],
      capabilities: {},
      initializationOptions: { approvals: true, surface: 'test', trusted },
    });
    await wire.sendNotification('initialized', {});
    if (act) {
      const made = wire.sendRequest('butler/job/create', { ability: 'butler', text: act });
      const job = (await made) as { id: string };
      for (let state = ''; !/completed|failed|aborted/.test(state); await setTimeout(100)) {
        state = ((await wire.sendRequest('butler/job/read', { id: job.id })) as { state: string }).state;
        const asked = (await wire.sendRequest('butler/approval/list', {})) as OpenQuestions;
        for (const { approval } of asked.approvals) {
          const denied = { id: approval.id, digest: approval.digest, decision: 'deny' };
          await wire.sendRequest('butler/approval/decide', denied).catch(() => undefined);
        }
      }
    } else if (trusted) {
      await wire.sendRequest('butler/ability/list', {});
      await wire.sendRequest('butler/session/list', {});
    } else await assert.rejects(wire.sendRequest('butler/ability/list', {}));
    await setTimeout(500);
    await wire.sendRequest('shutdown');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await wire.sendNotification('exit');
    await ended;
    return (await readFile(log, 'utf8')).split('\n').slice(1);
  }
});

interface OpenQuestions {
  readonly approvals: readonly { readonly approval: { readonly id: string; readonly digest: string } }[];
}

/** A process beside the worker, or another program in its place; threads of its own are neither. */
function isStart(call: string): boolean {
  return (
    /\b(execve|execveat|fork|vfork)\(/.test(call) ||
    (/\bclone3?\(/.test(call) && !call.includes('CLONE_THREAD'))
  );
}

function isSocket(call: string): boolean {
  return /\b(connect|bind|listen|accept4?)\(/.test(call) || /\bsocket\(AF_(INET|UNIX)/.test(call);
}
