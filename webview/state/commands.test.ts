import assert from 'node:assert/strict';
import type { Process } from '../../server/protocol/process.ts';
import { type Commands, commandChanged, commandRead, commandsWrote, withoutDead } from './commands.ts';

function process(id: string, state: Process['state'] = 'running'): Process {
  return {
    ...{ id, job: 'j1', session: 's1', command: 'make', cwd: '/project', pid: 1, started: 0 },
    ...{ background: false, sandboxed: true, state, exit: null },
  };
}

describe('the commands that a page knows of', () => {
  it('keep the newest part of what they wrote, and what a known one wrote before it was read', () => {
    let commands: Commands = commandChanged({}, process('a'));
    commands = commandsWrote(commands, { a: 'one\n', stranger: 'x' });
    assert.deepEqual(Object.keys(commands), ['a']);
    commands = commandRead(commands, { process: process('a'), output: 'all of it' });
    assert.equal(commands.a?.output, 'one\n');
    commands = commandsWrote(commands, { a: 'x'.repeat(100_000) });
    assert.equal(commands.a?.output.length, 30_000);
  });

  it('have ended where another worker knows them no more, and are forgotten oldest first', () => {
    let commands: Commands = {};
    for (let at = 0; at < 39; at++) commands = commandChanged(commands, process(`e${at}`, 'ended'));
    commands = commandChanged(commands, process('lives'));
    commands = withoutDead(commandChanged(commands, process('dead')), new Set(['lives']));
    assert.equal(commands.dead?.process.state, 'ended');
    assert.equal(commands.lives?.process.state, 'running');
    assert.equal(Object.keys(commands).length, 40);
    assert.equal(commands.e0, undefined);
  });
});
