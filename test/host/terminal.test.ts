import assert from 'node:assert/strict';
import { commands, type Disposable, window } from 'vscode';
import { mirrorOf } from '../../extension/terminalMirror.ts';
import type { Worker } from '../../extension/worker.ts';
import { good } from '../../server/protocol/failure.ts';
import { type Process, processChanged, processOutput } from '../../server/protocol/process.ts';
import { activeParts } from './parts.ts';

const process: Process = {
  ...{ id: 'e1', job: 'j1', session: 's1', command: 'npm test', cwd: '/project', pid: 4711, started: 1 },
  ...({ background: true, sandboxed: true, state: 'running', exit: null } as const),
};

/** The worker's side of a mirror: what it was told of can be said, and what it is asked is answered. */
function otherSide() {
  const listeners = new Map<unknown, Set<(params: never) => void>>();
  const answer = Promise.withResolvers<void>();
  const worker = {
    on: (message: unknown, listener: (params: never) => void): Disposable => {
      const all = listeners.get(message) ?? new Set();
      listeners.set(message, all.add(listener));
      return { dispose: () => void all.delete(listener) };
    },
    send: async () => {
      await answer.promise;
      return good({ process, output: 'before\n' });
    },
  } as unknown as Pick<Worker, 'on' | 'send'>;
  const say = (message: unknown, params: unknown) => {
    for (const listener of listeners.get(message) ?? []) listener(params as never);
  };
  const count = () => [...listeners.values()].reduce((sum, all) => sum + all.size, 0);
  return { worker, say, count, answer: () => answer.resolve() };
}

describe('the terminal of a command', () => {
  it('shows what was written, then what comes, nothing twice, and how it ended', async () => {
    const { worker, say, count, answer } = otherSide();
    let closed = false;
    const mirror = mirrorOf(worker, 'e1', () => {
      closed = true;
    });
    const shown: string[] = [];
    mirror.onDidWrite((text) => shown.push(text));
    mirror.open(undefined);
    say(processOutput, { id: 'e1', text: 'before\n' });
    answer();
    await new Promise((done) => setTimeout(done, 20));
    say(processOutput, { id: 'e1', text: 'after\u001b]52;c;ZXZpbA==\u0007\u202e\n' });
    say(processOutput, { id: 'other', text: 'of another\n' });
    say(processChanged, { process: { ...process, state: 'ended', exit: 3 } });
    const text = shown.join('');
    assert.equal(text.split('before').length, 2);
    assert.match(text, /npm test.*before\r\nafter\\u202e\r\n.*The command ended with 3\./s);
    assert.doesNotMatch(text, /of another|52;c/);
    assert.equal(mirror.handleInput, undefined, 'it takes no input');
    mirror.close();
    assert.ok(closed);
    assert.equal(count(), 0, 'nothing goes on listening');
  });

  it('opens once for a command, and is gone with it', async () => {
    const { terminals } = await activeParts();
    const before = window.terminals.length;
    await commands.executeCommand('butler.showCommand', 'none-of-that-name');
    await commands.executeCommand('butler.showCommand', 'none-of-that-name');
    assert.equal(window.terminals.length, before + 1);
    terminals.dispose();
  });
});
