import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  managedPolicyFile,
  openPolicyFiles,
  type WatchedPolicyFiles,
} from '../../../server/adapters/policies/policyFiles.ts';
import { decide, type Verdict } from '../../../server/core/policy/decide.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import type { PolicyRule } from '../../../server/protocol/policy.ts';
import { skipBecause } from '../../run/countReporter.ts';

const network: Effect = { kind: 'network', host: 'a.example' };
const rule: PolicyRule = { decision: 'allow', host: 'a.example' };
const file = (...rules: object[]) => JSON.stringify({ rules }, null, 2);

describe('the policy files', () => {
  let root: string;
  let workspace: string;
  let managedFile: string;
  let userFile: string;
  let own: string;
  let files: WatchedPolicyFiles;
  const open = () => openPolicyFiles({ managedFile, userFile, folders: [workspace] });
  const verdict = async (): Promise<Verdict> =>
    decide([network], {
      tool: 'fetch_page',
      ability: 'butler',
      workspace,
      mode: 'ask',
      trusted: true,
      grants: [],
      policies: await files.of(workspace),
    });
  const state = async (source: 'managed' | 'user' | 'workspace') => {
    const found = (await files.states()).find((one) => one.source === source);
    assert.ok(found);
    return found;
  };

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-policies-')));
    workspace = path.join(root, 'work');
    managedFile = path.join(root, 'etc/policy.json');
    userFile = path.join(root, 'home/policy.json');
    own = path.join(workspace, '.butler/policy.json');
    for (const one of [managedFile, userFile, own]) await mkdir(path.dirname(one), { recursive: true });
    files = open();
  });
  afterEach(async () => {
    await files.close();
    await rm(root, { recursive: true, force: true });
  });

  it('hold nothing where there are none', async () => {
    assert.equal((await verdict()).source, 'default');
    const states = await files.states();
    assert.deepEqual(
      states.map(({ source, exists, rules, problems }) => [source, exists, rules.length, problems.length]),
      [
        ['managed', false, 0, 0],
        ['user', false, 0, 0],
        ['workspace', false, 0, 0],
      ],
    );
  });

  it('count at once after a change on the disk, whoever made it', async () => {
    assert.equal((await verdict()).decision, 'ask');
    await writeFile(userFile, file(rule));
    assert.equal((await verdict()).decision, 'allow');
    await writeFile(managedFile, file({ decision: 'deny', host: '**', why: 'No network here.' }));
    const denied = await verdict();
    assert.equal(denied.decision, 'deny');
    assert.match(denied.rule, /^Policy of this machine: deny .* — No network here\./);
    await rm(managedFile);
    await rm(userFile);
    assert.equal((await verdict()).decision, 'ask');
  });

  it('of a workspace only tighten; a rule that allows is told of and passed over', async () => {
    await writeFile(own, file(rule));
    assert.equal((await verdict()).decision, 'ask');
    const { problems } = await state('workspace');
    assert.deepEqual(problems, [
      { line: 3, message: 'A workspace may only tighten; this rule is passed over.' },
    ]);
    await writeFile(userFile, file(rule));
    await writeFile(own, file({ decision: 'deny', host: 'a.example' }));
    assert.equal((await verdict()).source, 'workspace');
    assert.equal((await verdict()).decision, 'deny');
  });

  it('with a fault deny everything where the owner has it, ask for everything elsewhere, and name the line', async () => {
    await writeFile(userFile, `// mine\n{\n  "rules": [\n    { "decision": "sure", "tool": "x" }\n  ]\n}\n`);
    const asked = await verdict();
    assert.equal(asked.decision, 'ask');
    assert.ok(asked.protected);
    assert.equal((await state('user')).problems[0]?.line, 4);
    await writeFile(managedFile, '{ "rules": [');
    assert.equal((await verdict()).decision, 'deny');
  });

  it('keep the rules that forbid when another rule of the file has a fault', async () => {
    await writeFile(userFile, file({ decision: 'deny', host: '**' }, { decision: 'allow' }, rule));
    assert.equal((await verdict()).decision, 'deny');
    await writeFile(userFile, file({ decision: 'allow' }, rule));
    assert.equal((await verdict()).decision, 'ask');
  });

  it('refuse a name that stands twice, a file that leads elsewhere, one that is none, and one too large', async () => {
    const check = async (message: RegExp) => {
      assert.match((await state('workspace')).problems[0]?.message ?? 'none', message);
      assert.equal((await verdict()).decision, 'ask');
      assert.ok((await verdict()).protected);
      await rm(own, { recursive: true });
    };
    await writeFile(own, '{ "rules": [], "rules": [{ "decision": "allow", "host": "**" }] }');
    await check(/twice/);
    await writeFile(path.join(root, 'elsewhere.json'), file());
    await symlink(path.join(root, 'elsewhere.json'), own);
    await check(/somewhere else/);
    await mkdir(own);
    await check(/ordinary file|EISDIR/);
    await writeFile(own, `${' '.repeat(300_000)}{}`);
    await check(/256 KB/);
    await writeFile(own, '['.repeat(200_000));
    await check(/./);
    await writeFile(own, `{ "rules": [${'1,'.repeat(100_000)}1] }`);
    assert.ok((await state('workspace')).problems.length <= 20);
    await check(/rules/);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [own]);
    await check(/ordinary file/);
  });

  it('of the owner that anybody may write do not count, and the person is told', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows knows no such rights of files');
    await writeFile(managedFile, file(rule));
    await chmod(managedFile, 0o666);
    assert.equal((await verdict()).decision, 'ask');
    assert.match((await state('managed')).problems[0]?.message ?? '', /does not count/);
    await chmod(managedFile, 0o644);
    assert.equal((await verdict()).decision, 'allow');
  });

  it('are changed with what else stands in them kept, comments included', async () => {
    await writeFile(
      userFile,
      '{\n  // what I think\n  "rules": [\n    // no network\n    { "decision": "deny", "host": "x.example" },\n  ]\n}\n',
    );
    assert.ok((await files.change({ kind: 'add', rule })).ok);
    const text = await readFile(userFile, 'utf8');
    assert.match(text, /what I think[\s\S]*no network[\s\S]*a\.example/);
    assert.equal((await state('user')).rules.length, 2);
    const gone = await files.change({ kind: 'remove', index: 0, rule });
    assert.ok(!gone.ok && gone.failure.kind === 'conflict');
    assert.ok((await files.change({ kind: 'remove', index: 1, rule })).ok);
    assert.equal((await state('user')).rules.length, 1);
    assert.ok((await files.change({ kind: 'reset' })).ok);
    assert.deepEqual((await state('user')).rules, []);
    assert.match(await readFile(userFile, 'utf8'), /what I think/);
  });

  it('with a fault are not changed but by a reset, which keeps the old text beside', async () => {
    await writeFile(userFile, '{ "rules": oops }');
    const refused = await files.change({ kind: 'add', rule });
    assert.ok(!refused.ok && refused.failure.field?.endsWith('policy.json:1'));
    assert.equal(await readFile(userFile, 'utf8'), '{ "rules": oops }');
    assert.ok((await files.change({ kind: 'reset' })).ok);
    assert.equal((await state('user')).problems.length, 0);
    assert.equal(await readFile(`${userFile}.old`, 'utf8'), '{ "rules": oops }');
  });

  it('lose no rule when several windows add at once', async () => {
    const others = [open(), open(), open()];
    const added = await Promise.all(
      others.flatMap((one, at) =>
        [1, 2, 3].map((no) =>
          one.change({ kind: 'add', rule: { decision: 'allow', host: `h${at}${no}.example` } }),
        ),
      ),
    );
    assert.ok(added.every(({ ok }) => ok));
    assert.equal((await state('user')).rules.length, 9);
    await Promise.all(others.map((one) => one.close()));
  });

  it('tell of a change, also of a file that was not there, by whomever it was made', async () => {
    await rm(path.dirname(own), { recursive: true });
    await files.close();
    files = open();
    const watcher = files;
    const heard = () => {
      const told = Promise.withResolvers<void>();
      const stop = watcher.onChange(() => told.resolve());
      return told.promise.finally(stop);
    };
    const first = heard();
    assert.ok((await files.change({ kind: 'add', rule })).ok);
    await first;
    await setTimeout(300);
    for (const one of [userFile, own]) {
      const told = heard();
      await mkdir(path.dirname(one), { recursive: true });
      await writeFile(one, file(rule, { decision: 'deny', tool: 'x' }));
      await told;
    }
  });

  it('have a place that no workspace and no variable of a person names', () => {
    assert.equal(managedPolicyFile('linux', { HOME: '/x' }), '/etc/virtual-butler/policy.json');
    assert.equal(managedPolicyFile('darwin', {}), '/Library/Application Support/virtual-butler/policy.json');
    assert.equal(managedPolicyFile('win32', {}), 'C:\\ProgramData\\virtual-butler\\policy.json');
  });
});
