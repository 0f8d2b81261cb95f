import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { playbooks } from '../../../server/adapters/playbooks/index.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { findProgram } from '../../../server/adapters/tools/reports/program.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { copySampleWorkspace } from '../../support/sampleWorkspace.ts';
import { call, type Ground, kindOf, makeGround, rg } from './ground.ts';

const all = tools({ rg });
const run = promisify(execFile);

function named(name: string): Tool {
  const tool = all.find((one) => one.name === name);
  assert.ok(tool, name);
  return tool;
}

async function sampleGround(): Promise<Ground> {
  const ground = await makeGround();
  await rm(ground.workspace, { recursive: true });
  await copySampleWorkspace(ground.workspace);
  return ground;
}

async function documentOf(ground: Ground, name: string, input: unknown = {}): Promise<string> {
  const { result } = await call(ground, named(name), input);
  const digest = result.deliverable?.files[0]?.digest ?? '';
  return Buffer.from((await ground.blobs.get(digest)) ?? []).toString('utf8');
}

describe('release notes', function () {
  this.timeout(60_000);

  it('group the commits since the last tag by kind, breaking changes first', async () => {
    await using ground = await sampleGround();
    const text = (await documentOf(ground, 'release_notes')).replace(/\([0-9a-f]{8}\)/g, '(hash)');
    assert.equal(
      text,
      [
        '# Release notes since v0.1.0\n',
        '6 changes since v0.1.0, up to 2026-02-13.\n',
        '## Breaking changes\n',
        '- **cli**: --depth is 0 at chart datum, and negative in a harbour that dries. (hash)\n',
        '## Features\n',
        '- **cli**: count the depth of the harbour from chart datum (hash)\n',
        '## Fixes\n',
        '- give a height at the very minute of a tide (hash)\n',
        '## Documentation\n',
        '- first steps, and how it works with its limits (hash)\n',
        '## Tests\n',
        '- cover the height and the keel (hash)\n',
        '## Maintenance\n',
        '- version 0.2.0 (hash)\n',
        '## Other changes\n',
        '- Share the Abilities with everybody (hash)\n',
      ].join('\n'),
    );
  });

  it('are those of the tag itself where nothing came after it, and of everything where there is no tag', async () => {
    await using ground = await sampleGround();
    await run('git', ['checkout', '--quiet', 'v0.1.0'], { cwd: ground.workspace });
    assert.match(await documentOf(ground, 'release_notes'), /^# Release notes for v0\.1\.0\n\n4 changes, /);
    await run('git', ['tag', '--delete', 'v0.1.0'], { cwd: ground.workspace });
    assert.match(
      await documentOf(ground, 'release_notes'),
      /^# Release notes since the beginning\n\n4 changes, /,
    );
  });

  it('say what is wrong where there is no repository, or no such commit', async () => {
    await using ground = await makeGround();
    const tool = named('release_notes');
    const plan = await tool.plan({}, ground.context());
    assert.ok(plan.ok);
    const outcome = await tool.run({}, plan.value, ground.context());
    assert.ok(!outcome.ok);
    assert.match(outcome.failure.what, /not a git repository/);
    await using sample = await sampleGround();
    assert.equal(kindOf(await tool.run({ since: 'nowhere' }, plan.value, sample.context())), 'tool');
  });

  it('run no program of the repository', async () => {
    if (process.platform === 'win32') return;
    await using ground = await sampleGround();
    const trace = path.join(ground.outside, 'trace');
    const evil = path.join(ground.workspace, 'evil.sh');
    await writeFile(evil, `#!/bin/sh\necho "$0 $@" >> ${trace}\n`);
    await chmod(evil, 0o755);
    const settings = {
      'core.fsmonitor': evil,
      'core.pager': evil,
      'core.sshCommand': evil,
      'core.hooksPath': ground.workspace,
      'diff.external': evil,
      'log.showSignature': 'true',
      'gpg.program': evil,
      'core.editor': evil,
      'alias.log': `!${evil}`,
      'alias.describe': `!${evil}`,
      'pager.log': evil,
      'remote.origin.url': `ext::${evil}`,
      'remote.origin.promisor': 'true',
      'credential.helper': `!${evil}`,
    };
    for (const [name, setting] of Object.entries(settings)) {
      await run('git', ['config', name, setting], { cwd: ground.workspace });
    }
    await mkdir(path.join(ground.workspace, 'bin'));
    await writeFile(path.join(ground.workspace, 'git'), `#!/bin/sh\necho git >> ${trace}\n`, { mode: 0o755 });
    await documentOf(ground, 'release_notes');
    await assert.rejects(access(trace), 'nothing of the repository ran');
  });

  it('never take git from the workspace', async () => {
    if (process.platform === 'win32') return;
    await using ground = await makeGround();
    const name = 'butler-test-program';
    await writeFile(path.join(ground.workspace, name), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(path.join(ground.outside, name), '#!/bin/sh\n', { mode: 0o755 });
    const before = process.env.PATH;
    try {
      process.env.PATH = `.:${ground.workspace}`;
      assert.equal(await findProgram(name, ground.workspace), null);
      process.env.PATH = `${ground.workspace}:${ground.outside}`;
      assert.equal(await findProgram(name, ground.workspace), path.join(ground.outside, name));
    } finally {
      process.env.PATH = before;
    }
  });

  it('take a commit message for text', async () => {
    await using ground = await sampleGround();
    const message = 'feat: <img src=x> [x](javascript:alert(1)) \u202e';
    const who = ['-c', 'user.name=Virtual Butler', '-c', 'user.email=butler@example.invalid'];
    await run('git', [...who, 'commit', '--quiet', '--allow-empty', '-m', message], {
      cwd: ground.workspace,
    });
    const text = await documentOf(ground, 'release_notes');
    assert.ok(text.includes('\\<img src=x\\> \\[x\\](javascript:alert(1))'));
    assert.ok(!text.includes('\u202e'));
  });
});

describe('the TODO report', function () {
  this.timeout(60_000);

  it('lists each note with its file and line', async () => {
    await using ground = await sampleGround();
    assert.equal(
      await documentOf(ground, 'todo_report'),
      [
        '# TODO report\n',
        '3 notes in 3 files, 1 of them FIXME.\n',
        '## src/cli.js\n',
        '- [ ] line 21: FIXME: a draught that is not a number gives "NaN m to spare" instead of an error.\n',
        '## src/tide.js\n',
        '- [ ] line 14: TODO: take the air pressure into account, about 1 cm for each hectopascal.\n',
        '## test/tide.test.js\n',
        '- [ ] line 18: TODO: test a falling tide as well.\n',
      ].join('\n'),
    );
  });

  it('leaves out packages of others, also where no ignore file does', async () => {
    await using ground = await makeGround();
    for (const folder of ['node_modules/one', 'lib/node_modules/two']) {
      await mkdir(path.join(ground.workspace, folder), { recursive: true });
      await writeFile(path.join(ground.workspace, folder, 'index.js'), '// TODO: theirs\n');
    }
    await writeFile(path.join(ground.workspace, 'own.js'), '// TODO: ours\n');
    const report = await documentOf(ground, 'todo_report');
    assert.match(report, /ours/);
    assert.doesNotMatch(report, /theirs/);
  });

  it('says so when there is none', async () => {
    await using ground = await makeGround({ 'a.txt': 'fine' });
    assert.match(await documentOf(ground, 'todo_report'), /There is no TODO and no FIXME/);
  });
});

describe('the workspace statistics', function () {
  this.timeout(60_000);

  it('count files and lines by language, binary files without lines', async () => {
    await using ground = await makeGround({
      'a.ts': 'one\ntwo\n',
      'b.ts': 'one',
      'c.py': '',
      'd.bin': Uint8Array.from([0, 1]),
      'e|f.md': 'x\n',
      '.gitignore': 'hidden.ts',
      'hidden.ts': 'x',
    });
    const text = await documentOf(ground, 'workspace_statistics');
    assert.match(text, /^# Workspace statistics\n\n5 files, 4 lines, /);
    assert.match(text, /\| TypeScript \| 2 \| 3 \|/);
    assert.match(text, /\| Python \| 1 \| 0 \|/);
    assert.match(text, /\| Binary \| 1 \| 0 \|/);
    assert.match(text, /\| e\\\|f\.md \| Markdown \| 1 \|/);
  });
});

describe('the playbooks', function () {
  this.timeout(60_000);

  for (const playbook of playbooks) {
    it(`${playbook.title}: does every step, and every word of its closing is filled`, async () => {
      await using ground = await sampleGround();
      await call(ground, named('save_deliverable'), {
        title: 'T',
        files: [{ path: 'a.md', content: '# A' }],
      });
      const outputs: Record<string, unknown>[] = [];
      for (const step of playbook.steps) {
        const earlier = outputs[step.data_from_step ?? -1] ?? {};
        const params = Object.entries(step.params).map(([name, given]) => [
          name,
          typeof given === 'string' && given.startsWith('$') ? earlier[given.slice(1)] : given,
        ]);
        const { result } = await call(ground, named(step.action), Object.fromEntries(params));
        outputs.push(JSON.parse(result.output));
      }
      for (const [, index, field] of playbook.closing.matchAll(/\{(\d+)\.(\w+)\}/g)) {
        assert.notEqual(outputs[Number(index)]?.[field ?? ''], undefined, `{${index}.${field}}`);
      }
      await access(path.join(String(outputs.at(-1)?.location), '.butler-publish.json'));
    });
  }

  it('have commands and ids of their own, and name tools that there are', () => {
    for (const field of ['id', 'command'] as const) {
      assert.equal(new Set(playbooks.map((one) => one[field])).size, playbooks.length);
    }
    for (const step of playbooks.flatMap((one) => one.steps)) named(step.action);
  });
});
