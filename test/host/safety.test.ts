import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commands, languages, MarkdownString, QuickPickItemKind, Uri, window } from 'vscode';
import { rowsOf } from '../../extension/managePermissions.ts';
import { askPermissions } from '../../extension/permissionQuestions.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { changePermission, checkPermission, listPermissions } from '../../server/protocol/permission.ts';
import { addPolicyRule, readPolicy, resetPolicy } from '../../server/protocol/policy.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';
import { left } from './press.ts';

const approval: Approval = {
  ...{ id: 'a1', job: 'j1', session: 's1', call: 'c1', tool: 'run_command', title: 'Run it' },
  ...{ digest: 'e'.repeat(64), rule: 'asks', protected: false, requested: 0, expires: 1, decision: null },
  effects: [{ kind: 'run', argv: ['echo', 'a\u202eb', 'x'.repeat(500)], cwd: '/project', sandboxed: true }],
};

describe('the rows of the jobs', () => {
  it('offer to approve in place only what they show in full, and hide nothing', async () => {
    const { jobs } = await activeParts();
    const short = { ...approval, effects: [{ kind: 'network', host: 'example.org' } as const] };
    assert.equal(itemOf(short).contextValue, 'approval');
    assert.equal(itemOf({ ...short, protected: true }).contextValue, 'approval.long');
    const long = itemOf(approval);
    assert.equal(long.contextValue, 'approval.long');
    assert.match(String(long.label), /^Run it: echo "a\\u202eb" x+ … x+ \(in a sandbox\)$/);

    function itemOf(one: Approval) {
      return jobs.getTreeItem({ kind: 'asked', asked: { approval: one, preview: null } });
    }
  });

  it('show a command that runs, with what holds it and the way to its output', async () => {
    const { jobs } = await activeParts();
    const process = {
      ...{ id: 'e1', job: 'j1', session: 's1', command: 'npm run serve\n\u202e', cwd: '/project', pid: 4711 },
      ...({ started: 1, background: true, sandboxed: false, state: 'running', exit: null } as const),
    } as const;
    const item = jobs.getTreeItem({ kind: 'process', process });
    assert.deepEqual([item.label, item.contextValue], ['npm run serve \\u202e', 'process']);
    assert.equal(item.description, 'runs in the background');
    assert.ok(item.tooltip instanceof MarkdownString && !item.tooltip.isTrusted);
    assert.match(item.tooltip.value, /NOT&nbsp;in&nbsp;a&nbsp;sandbox/);
    assert.deepEqual(item.command?.arguments, ['e1']);
  });
});

describe('the permissions', () => {
  it('are listed by who needs them, each with its reason and how it stands', async () => {
    const { worker } = await activeParts();
    const { holders } = valueIn(await worker.send(listPermissions, {}));
    const rows = holders.flatMap(rowsOf).filter(({ kind }) => kind !== QuickPickItemKind.Separator);
    assert.ok(rows.length > 5);
    for (const { label, description, detail } of rows) assert.ok(label && description && detail);
    assert.ok(rows.every(({ description }) => /granted|revoked|not asked yet/.test(description ?? '')));
    await left(commands.executeCommand('butler.permissions.manage'));
  });

  it('are taken and given', async () => {
    const { worker } = await activeParts();
    const holder = 'tool:publish';
    const granted = async () =>
      valueIn(await worker.send(checkPermission, { holder, permission: 'publish' })).granted;
    valueIn(await worker.send(changePermission, { holder, permission: 'publish', granted: false }));
    assert.equal(await granted(), false);
    valueIn(await worker.send(changePermission, { holder, permission: 'publish', granted: true }));
    assert.equal(await granted(), true);
  });
});

describe('a permission that nobody was asked about', () => {
  it('is asked for with its reason, one after the other, until the person leaves', async () => {
    const { worker } = await activeParts();
    const { holders } = valueIn(await worker.send(listPermissions, {}));
    const publish = holders.find(({ id }) => id === 'tool:publish');
    assert.ok(publish && publish.needs.length > 1);
    const unasked = {
      ...publish,
      needs: publish.needs.map((need) => ({ ...need, state: 'unasked' as const })),
    };
    const asked: string[] = [];
    await askPermissions(worker, unasked, async (text, detail) => {
      asked.push(`${text} ${detail}`);
      return asked.length === 1 ? 'deny' : undefined;
    });
    assert.equal(asked.length, 2);
    const [first] = publish.needs;
    assert.ok(first && asked[0]?.startsWith('May publish ') && asked[0].includes(first.reason));
    const { permission } = first;
    const held = await worker.send(checkPermission, { holder: publish.id, permission });
    assert.equal(valueIn(held).granted, false);
    valueIn(await worker.send(changePermission, { holder: publish.id, permission, granted: true }));
  });
});

describe('the policy', () => {
  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens as a file that is made where there is none, with the rules that were added', async () => {
    const { worker } = await activeParts();
    const states = valueIn(await worker.send(readPolicy, {})).states;
    const offered = states.filter(({ source }) => source !== 'managed');
    await picking(offered.length > 1, commands.executeCommand('butler.policy.open'));
    const file = window.activeTextEditor?.document;
    assert.match(file?.fileName ?? '', /policy\.json$/);
    assert.match(file?.getText() ?? '', /"rules": \[\]/);
    const rule = { decision: 'deny', tool: 'publish', target: 'nowhere' } as const;
    const added = valueIn(await worker.send(addPolicyRule, { rule }));
    assert.deepEqual(added.states.find(({ source }) => source === 'user')?.rules, [rule]);
    const reset = valueIn(await worker.send(resetPolicy, {}));
    assert.deepEqual(reset.states.find(({ source }) => source === 'user')?.rules, []);
  });

  it('marks what is wrong in a file at its line', async () => {
    const { worker } = await activeParts();
    const file = path.join(folder(), '.butler/policy.json');
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    const marked = () => languages.getDiagnostics(Uri.file(file))[0];
    writeFileSync(file, '{\n  "rules": [\n    { "decision": "perhaps" }\n  ]\n}\n');
    await until(languages.onDidChangeDiagnostics, () => marked() !== undefined);
    assert.equal(marked()?.range.start.line, 2);
    if (before === null) rmSync(file);
    else writeFileSync(file, before);
    await until(languages.onDidChangeDiagnostics, () => marked() === undefined);
    assert.equal(worker.state, 'ready');
  });

  it('explains what it decides about a command in each mode', async () => {
    await commands.executeCommand('butler.policy.explain', 'rm -rf / \u202e');
    const text = window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /Nothing was done\./);
    assert.match(text, /rm -rf \/ \\u202e/);
    for (const mode of ['Ask', 'Assisted', 'Allow for this job']) {
      assert.match(text, new RegExp(`^${mode}: (asks|is refused)$`, 'm'));
    }
  });
});

/** Takes the first row where a question is asked. */
async function picking<T>(asks: boolean, running: Thenable<T>): Promise<T> {
  if (!asks) return running;
  const { accepted } = await import('./press.ts');
  return accepted(running);
}
