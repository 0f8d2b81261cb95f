import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findSpot } from '../../../server/adapters/tools/files/places.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { call, type Ground, kindOf, makeGround, rg, value } from './ground.ts';

const named = (name: string): Tool => {
  const tool = tools({ rg }).find((one) => one.name === name);
  assert.ok(tool);
  return tool;
};

const versionOf = (text: string) => hash('sha256', text);

/** Forms that mean different places to different systems, or none. */
const refused = [
  '',
  '~',
  '~/x',
  '~root/x',
  'a\0b',
  'a\nb',
  'a\u202eb',
  'a\u200bb',
  'a:b',
  'README.md:stream',
  'README.md::$DATA',
  'a.',
  'a ',
  'a. /b',
  'docs./b',
  '//server/share',
  '/proc/self/root/etc/passwd',
  '/proc/self/cwd/README.md',
  '/dev/stdin',
  '/sys/kernel',
  'x'.repeat(5000),
];

describe('a path', function () {
  this.timeout(60_000);

  for (const given of refused) {
    it(`is refused as ${JSON.stringify(given.slice(0, 40))}`, async () => {
      await using ground = await makeGround({ 'README.md': 'x' });
      assert.equal(kindOf(await findSpot(given, ground.context())), 'invalid');
    });
  }

  it('is what it leads to, after every link', async () => {
    await using ground = await makeGround({ 'a/b.txt': 'x' });
    await writeFile(path.join(ground.outside, 'secret'), 's');
    await symlink(ground.outside, path.join(ground.workspace, 'out'));
    await symlink('a', path.join(ground.workspace, 'in'));
    await symlink('out', path.join(ground.workspace, 'chain'));
    await symlink('/proc/self/root', path.join(ground.workspace, 'root'));
    const places = {
      'a/b.txt': 'workspace',
      'in/b.txt': 'workspace',
      'in/new/file': 'workspace',
      'a/../a/b.txt': 'workspace',
      '..': 'outside',
      '../work2': 'outside',
      'out/secret': 'outside',
      'out/new': 'outside',
      'chain/secret': 'outside',
      'root/etc/passwd': 'outside',
      '/etc/passwd': 'outside',
      '../own/x': 'butler',
      '../OWN/x': 'butler',
      '.butler': 'butler',
      '.butler/abilities.json': 'butler',
      '.BUTLER/x': 'butler',
      'a/.Butler/x': 'butler',
    };
    for (const [given, place] of Object.entries(places)) {
      assert.equal(value(await findSpot(given, ground.context())).place, place, given);
    }
    assert.equal(value(await findSpot('in/b.txt', ground.context())).shown, 'a/b.txt');
  });

  it('is refused when it is a link that leads nowhere or in a circle, or goes through a file', async () => {
    await using ground = await makeGround();
    await symlink(path.join(ground.outside, 'missing'), path.join(ground.workspace, 'broken'));
    await symlink('loop', path.join(ground.workspace, 'loop'));
    await ground.write('file', 'x');
    for (const given of ['broken', 'broken/x', 'loop', 'loop/x', 'file/x']) {
      assert.equal(kindOf(await findSpot(given, ground.context())), 'invalid', given);
    }
  });

  it('of a neighbour whose name begins like the workspace is outside', async () => {
    await using ground = await makeGround();
    await mkdir(`${ground.workspace}-2`);
    assert.equal(value(await findSpot('../work-2/x', ground.context())).place, 'outside');
  });
});

describe('no tool', function () {
  this.timeout(60_000);

  const outward = ['../outside/secret', 'out/secret', 'link'];

  async function linked(): Promise<Ground> {
    const ground = await makeGround({ 'a.txt': 'a' });
    await writeFile(path.join(ground.outside, 'secret'), 'the secret');
    await symlink(ground.outside, path.join(ground.workspace, 'out'));
    await symlink(path.join(ground.outside, 'secret'), path.join(ground.workspace, 'link'));
    return ground;
  }

  it('reads outside, whatever the policy said, and its plan shows nothing of what is there', async () => {
    await using ground = await linked();
    for (const given of outward) {
      for (const [name, input] of [
        ['read_file', { path: given }],
        ['list_files', { path: given }],
        ['search_text', { path: given, pattern: 'secret' }],
        ['build_site', { folder: given }],
        ['save_deliverable', { title: 't', files: [{ path: 'a', from: given }] }],
      ] as const) {
        const tool = named(name);
        const parsed = tool.input.parse(input);
        const plan = value(await tool.plan(parsed, ground.context()));
        assert.ok(
          plan.effects.some((effect) => 'place' in effect && effect.place === 'outside'),
          name,
        );
        assert.ok(!JSON.stringify(plan.preview).includes('the secret'));
        const outcome = await tool.run(parsed, plan, ground.context());
        assert.notEqual(kindOf(outcome), 'ok', `${name} ${given}`);
      }
    }
  });

  it('writes outside, whatever the policy said', async () => {
    await using ground = await linked();
    const version = versionOf('the secret');
    for (const given of [...outward, '../outside/new', 'out/new']) {
      for (const [name, input] of [
        ['write_file', { path: given, content: 'x', ...(given.includes('new') ? {} : { version }) }],
        ['edit_file', { path: given, old: 'secret', new: 'x', version }],
      ] as const) {
        const tool = named(name);
        const parsed = tool.input.parse(input);
        const plan = value(await tool.plan(parsed, ground.context()));
        assert.equal(kindOf(await tool.run(parsed, plan, ground.context())), 'denied');
      }
    }
    assert.equal(await readFile(path.join(ground.outside, 'secret'), 'utf8'), 'the secret');
  });

  it('finds files through links that lead out', async () => {
    await using ground = await linked();
    const listed = await call(ground, named('list_files'), {});
    assert.equal(listed.result.output, 'a.txt');
    const found = await call(ground, named('search_text'), { pattern: 'secret' });
    assert.equal(found.result.output, 'Nothing found.');
  });

  it('follows a folder that is swapped for a link between plan and run', async () => {
    await using ground = await makeGround({ 'docs/a.txt': 'mine' });
    await writeFile(path.join(ground.outside, 'a.txt'), 'mine');
    const docs = path.join(ground.workspace, 'docs');
    const acts = [
      ['write_file', { path: 'docs/a.txt', content: 'x', version: versionOf('mine') }],
      ['edit_file', { path: 'docs/a.txt', old: 'mine', new: 'x', version: versionOf('mine') }],
      ['write_file', { path: 'docs/new.txt', content: 'x' }],
      ['read_file', { path: 'docs/a.txt' }],
    ] as const;
    for (const [name, input] of acts) {
      const tool = named(name);
      const parsed = tool.input.parse(input);
      const plan = value(await tool.plan(parsed, ground.context()));
      await rename(docs, `${docs}-away`);
      await symlink(ground.outside, docs);
      assert.notEqual(kindOf(await tool.run(parsed, plan, ground.context())), 'ok', name);
      await rm(docs);
      await rename(`${docs}-away`, docs);
    }
    assert.equal(await readFile(path.join(ground.outside, 'a.txt'), 'utf8'), 'mine');
  });

  it('takes back through a folder that was swapped for a link', async () => {
    await using ground = await makeGround({ 'docs/a.txt': 'mine' });
    await writeFile(path.join(ground.outside, 'a.txt'), 'x');
    const tool = named('write_file');
    const made = await call(ground, tool, { path: 'docs/a.txt', content: 'x', version: versionOf('mine') });
    await rename(path.join(ground.workspace, 'docs'), path.join(ground.workspace, 'away'));
    await symlink(ground.outside, path.join(ground.workspace, 'docs'));
    assert.ok(tool.undo);
    assert.equal(kindOf(await tool.undo(made.result.undo, ground.context())), 'conflict');
    assert.equal(await readFile(path.join(ground.outside, 'a.txt'), 'utf8'), 'x');
  });

  it('shows lines of files that look like they hold secrets', async () => {
    await using ground = await makeGround({ '.env': 'TOKEN=abc', 'a.txt': 'TOKEN=shown' });
    const { result } = await call(ground, named('search_text'), { pattern: 'TOKEN' });
    assert.ok(!result.output.includes('abc'));
    assert.ok(result.output.includes('a.txt:1: TOKEN=shown'));
    assert.ok(result.output.includes('withheld'));
  });

  it('lists what an ignore file hides, also without git, also when a glob names it', async () => {
    const files = { '.gitignore': '*.log\nbuild/\n', 'a.log': 'x', 'build/b.js': 'x', 'c.js': 'x' };
    await using ground = await makeGround(files);
    for (const glob of ['*.log', '**/*.js', 'build/**', undefined]) {
      const { result } = await call(ground, named('list_files'), { glob });
      assert.ok(!/a\.log|b\.js/.test(result.output), `${glob}: ${result.output}`);
      const found = await call(ground, named('search_text'), { pattern: 'x', glob });
      assert.ok(!/a\.log|b\.js/.test(found.result.output), `${glob}: ${found.result.output}`);
    }
  });

  it('starts ripgrep with options that come from a pattern or a glob', async () => {
    await using ground = await makeGround({ 'a.txt': '--pre=x' });
    const { result } = await call(ground, named('search_text'), { pattern: '--pre=x', glob: '*.txt' });
    assert.equal(result.output, 'a.txt:1: --pre=x');
    const glob = await call(ground, named('list_files'), { glob: '--files' });
    assert.equal(glob.result.output, 'No files.');
  });
});
