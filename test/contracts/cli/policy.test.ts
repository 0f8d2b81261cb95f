import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Stage, setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';

describe('the command line of what may be done', () => {
  let stage: Stage;
  const butler = (...args: string[]) => runButler(stage, args);
  const done = async (...args: string[]) => {
    const { status, out, err } = await butler(...args);
    assert.equal(status, 0, err);
    return out;
  };
  before(async () => {
    stage = await setStage({ serve: false });
  });
  after(() => stage.close());

  it('adds rules, lists them with those of the workspace, and takes them away', async () => {
    assert.match(await done('policy'), /No rules but the built-in ones/);
    await done('policy', 'add', 'deny', '--host', '**', '--why', 'No network for agents.');
    await done('policy', 'add', 'allow', '--tool', 'write_file', '--path', 'docs/**', '--here');
    await done('policy', 'add', 'deny', '--argv', 'git', 'push', '...');
    await mkdir(path.join(stage.workspace, '.butler'), { recursive: true });
    const own = path.join(stage.workspace, '.butler/policy.json');
    await writeFile(own, '{ "rules": [{ "decision": "ask", "tool": "publish" }] }');
    const listed = await done('policy', 'list');
    assert.match(listed, /1 +user +deny · host \*\* +No network/);
    assert.match(listed, /3 +user +deny · run git push …/);
    assert.match(listed, /workspace +ask · tool publish/);
    await done('policy', 'remove', '3');
    assert.equal((await butler('policy', 'remove', '3')).status, 2);
    assert.doesNotMatch(await done('policy'), /git push/);
    const { rules } = JSON.parse(await readFile(path.join(stage.home, 'policy.json'), 'utf8')) as {
      rules: { workspace?: string }[];
    };
    assert.equal(rules[1]?.workspace, stage.workspace);
  });

  it('refuses a rule that says nothing, or something that there is not', async () => {
    assert.equal((await butler('policy', 'add', 'allow')).status, 2);
    assert.equal((await butler('policy', 'add', 'maybe', '--tool', 'x')).status, 2);
    assert.equal((await butler('policy', 'add', 'deny', '--effect', 'sing')).status, 2);
  });

  it('explains any call with the rules that were weighed, and does nothing', async () => {
    const input = JSON.stringify({ path: 'docs/new.md', content: 'x' });
    const allowed = await done('policy', 'explain', '--tool', 'write_file', '--input', input);
    assert.match(allowed, /^Allowed: Create docs\/new\.md/);
    assert.match(allowed, /allow +user +write docs\/new\.md/);
    assert.match(allowed, /ask +default +write docs\/new\.md +Changes to files are asked for/);
    await assert.rejects(readFile(path.join(stage.workspace, 'docs/new.md')));
    const guarded = JSON.stringify({ path: '.env', content: 'x' });
    const asked = await done(
      'policy',
      'explain',
      '--mode',
      'allow',
      '--tool',
      'write_file',
      '--input',
      guarded,
    );
    assert.match(asked, /^Asked for: Create \.env[\s\S]*No mode, grant or "always" changes that/);
    const publish = await done('--json', 'policy', 'explain', '--tool', 'list_files');
    assert.equal((JSON.parse(publish) as { decision: string }).decision, 'allow');
    assert.equal((await butler('policy', 'explain', '--tool', 'nothing')).status, 2);
    assert.equal((await butler('policy', 'explain', '--tool', 'list_files', '--input', '{')).status, 2);
    assert.equal((await butler('policy', 'explain')).status, 2);
  });

  it('explains a command as an agent would run it', async () => {
    const asked = await done('policy', 'explain', 'curl', 'https://a.example/x');
    assert.match(asked, /^(Asked for|Denied): /);
    assert.match(asked, /deny +user +network a\.example/);
  });

  it('names the line of a fault, and resets the policy', async () => {
    const file = path.join(stage.home, 'policy.json');
    await writeFile(file, '{\n  "rules": [\n    {}\n  ]\n}\n');
    const faulty = await butler('policy', 'list');
    assert.equal(faulty.status, 1);
    assert.match(faulty.err, /policy\.json:3 rules\.0/);
    assert.equal((await butler('policy', 'add', 'deny', '--tool', 'publish')).status, 2);
    await done('policy', 'reset');
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { rules: [] });
  });

  it('lists, takes, checks and gives permissions', async () => {
    assert.match(await done('permissions'), /tool:read_file +read +granted +Reads the file/);
    await done('permissions', 'revoke', 'tool:read_file', 'read');
    assert.equal((await butler('permissions', 'check', 'tool:read_file', 'read')).status, 3);
    const input = JSON.stringify({ path: 'README.md' });
    const refused = await done('policy', 'explain', '--tool', 'read_file', '--input', input);
    assert.match(refused, /^Denied: [\s\S]*took "read" from tool:read_file/);
    await done('permissions', 'grant', 'tool:read_file', 'read');
    await done('permissions', 'check', 'tool:read_file', 'read');
    assert.equal((await butler('permissions', 'grant', 'tool:read_file', 'fly')).status, 2);
    assert.equal((await butler('permissions', 'grant', 'tool:nobody', 'read')).status, 2);
  });

  it('sets the mode of one job, and knows what modes there are', async () => {
    const wrong = await butler('run', 'butler', 'hello', '--mode', 'yolo');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /ask, assisted, allow/);
    await butler('run', 'butler', 'hello', '--mode', 'assisted');
    const entries = (await done('--json', 'journal', 'list', '--type', 'job.created')).trim().split('\n');
    const last = JSON.parse(entries.at(-1) ?? '{}') as { data: { mode?: string } };
    assert.equal(last.data.mode, 'assisted');
  });
});
