import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { decide, noPolicies } from '../../../server/core/policy/decide.ts';
import { type CommandGround, makeCommandGround } from './commandGround.ts';
import { value } from './ground.ts';

const files = {
  '.gitignore': 'ign*\nbuilt/\n',
  'a.txt': 'one\n',
  'ign ü.txt': 'kept out\n',
  'built/x/o.txt': 'kept out\n',
  'docs/b.txt': 'two\n',
  'docs/ign.txt': 'kept out\n',
  'lib/c.txt': 'three\n',
  'nested/.gitignore': 'own\n',
  'nested/own': 'kept out\n',
  'nested/d.txt': 'four\n',
  'pipes/deep/e.txt': 'five\n',
};

describe('a command that changes what undo would not bring back', () => {
  let on: CommandGround;

  before(async () => {
    on = await makeCommandGround({ files });
    execFileSync('mkfifo', ['pipe', 'pipes/deep/pipe'], { cwd: on.ground.workspace });
    for (const folder of ['.', 'nested']) {
      execFileSync('git', ['init', '-q', folder], { cwd: on.ground.workspace });
    }
  });

  after(() => on[Symbol.asyncDispose]());

  const judged = async (command: string) => {
    const plan = value(await on.plan({ command }));
    const { workspace } = on.ground;
    const who = { tool: 'run_command', ability: 'butler', workspace, trusted: true, grants: [] };
    const { decision } = decide(plan.effects, { ...who, mode: 'assisted', policies: noPolicies });
    return { decision, shown: plan.preview?.kind === 'text' ? plan.preview.text : '' };
  };

  const lost = {
    'rm "ign ü.txt"': 'ign ü.txt',
    'echo x > "ign ü.txt"': 'ign ü.txt',
    'cp a.txt "ign ü.txt"': 'ign ü.txt',
    'mv "ign ü.txt" b.txt': 'ign ü.txt',
    'rm built/x/o.txt': 'built/x/o.txt',
    'rm -r built': 'built',
    'rm -r docs': 'docs',
    'rm -r nested': 'nested',
    'mv nested elsewhere': 'nested',
    'rm nested/own': 'nested/own',
    'rm pipe': 'pipe',
    'mv pipe other': 'pipe',
    'rm -r pipes': 'pipes',
    'mv pipes/deep other': 'pipes/deep',
    'ls && cd docs && rm ign.txt': 'docs/ign.txt',
  };
  for (const [command, what] of Object.entries(lost)) {
    it(`is asked for in the assisted mode, and says so: ${command}`, async () => {
      const { decision, shown } = await judged(command);
      assert.equal(decision, 'ask');
      assert.ok(shown.includes(`Cannot be undone for ${what}:`), shown);
    });
  }

  for (const command of [
    'rm a.txt',
    'rm -r lib',
    'echo x > docs/b.txt',
    'rm nested/d.txt',
    'touch new.txt',
  ]) {
    it(`goes on by itself where all of it is kept: ${command}`, async () => {
      const { decision, shown } = await judged(command);
      assert.equal(decision, 'allow');
      assert.match(shown, /\nCan be undone$/);
    });
  }

  it('is asked for where it cannot be told what would be lost', async () => {
    const { snapshots } = on.parts;
    const stopped = AbortSignal.abort();
    const place = `${on.ground.workspace}/a.txt`;
    assert.deepEqual(await snapshots?.missed(on.ground.workspace, [place], stopped), [place]);
  });
});
