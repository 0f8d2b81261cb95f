import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Draft } from '../../../server/core/ports/store.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';

describe('deliverables in the terminal', function () {
  this.timeout(60_000);
  let stage: Stage;
  const butler = (args: readonly string[], input = '') => runButler(stage, args, { input });
  const said = async (...args: string[]) => {
    const { status, out, err } = await butler(args);
    assert.equal(status, 0, `${args.join(' ')}: ${err}`);
    return out;
  };
  const told = async (...args: string[]) =>
    (await said('--json', ...args))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  before(async () => {
    stage = await setStage({ serve: false });
    await said('run', 'site-from-readme', 'Publish the docs as a site', '--yes');
    const readme = path.join(stage.workspace, 'README.md');
    await writeFile(readme, `${await readFile(readme, 'utf8')}\nOne line more.\n`);
    await said('run', 'site-from-readme', 'Publish the docs as a site', '--yes');
  });
  after(() => stage.close());

  it('are listed, shown, printed, compared and saved', async () => {
    const [second, first] = await told('deliverable', 'list');
    assert.ok(first && second);
    const shown = await said('deliverable', 'show', String(second.id));
    assert.match(shown, /index\.html +text\/html/);
    assert.match(shown, /Versions:\n2 .* published\n1 .*the first/);
    assert.match(
      await said('deliverable', 'open', String(second.id)),
      /^<!DOCTYPE html>[\s\S]*One line more/,
    );
    assert.match(await said('deliverable', 'compare', String(second.id)), /changed .*index\.html\n1 differ/);
    const lines = await said('deliverable', 'compare', String(second.id), '--file', 'index.html');
    assert.match(lines, /^\+.*One line more/m);
    assert.ok(!/^[-+].*<title>/m.test(lines));
    const folder = path.join(stage.home, '../saved');
    await said('deliverable', 'save', String(first.id), folder, '--file', 'index.html');
    assert.ok(!(await readFile(path.join(folder, 'index.html'), 'utf8')).includes('One line more'));
    const again = await butler(['deliverable', 'save', String(first.id), folder, '--file', 'index.html']);
    assert.equal(again.status, 1);
    assert.match(again.err, /There is already: index\.html/);
    assert.equal((await butler(['deliverable', 'show', 'none'])).status, 2);
  });

  it('are published again in an older version, and the history tells by which job', async () => {
    const [, first] = await told('deliverable', 'list');
    await said('deliverable', 'publish', String(first?.id), '--yes');
    assert.ok(
      !(await readFile(path.join(stage.workspace, 'public/index.html'), 'utf8')).includes('One line'),
    );
    const [newest, ...others] = await told('publication');
    const [job] = await told('jobs', '-n', '1');
    assert.deepEqual([newest?.job, newest?.deliverable, others.length], [job?.id, first?.id, 2]);
    assert.match(await said('publication', 'list'), /published .*public +/);
    assert.deepEqual(await told('publication', 'list', '--target', 'none'), []);
  });

  it('end the command with a failure where they could not be published', async () => {
    const abilities = path.join(stage.workspace, '.butler/abilities.json');
    const written = await readFile(abilities, 'utf8');
    await writeFile(abilities, written.replace('"folder": "public"', '"folder": "README.md"'));
    const ran = await butler(['run', 'site-from-readme', '/site', '--yes']);
    const [made] = await told('deliverable', 'list');
    const again = await butler(['deliverable', 'publish', String(made?.id), '--yes']);
    await writeFile(abilities, written);
    assert.deepEqual([ran.status, again.status], [1, 1], ran.err);
    await said('deliverable', 'publish', String(made?.id), '--yes');
  });

  it('never come to nothing in silence', async () => {
    const [newest] = await told('deliverable', 'list');
    const id = String(newest?.id);
    const typo = await butler(['deliverable', 'compare', id, '--file', 'typo']);
    assert.deepEqual([typo.status, /no file "typo"/.test(typo.err)], [2, true]);
    const { store } = stage.butler;
    const digest =
      (await store.deliverable(id))?.files.find((one) => one.path === 'index.html')?.digest ?? '';
    const gone: Draft = {
      stream: adminStream,
      type: 'content.deleted',
      actor: 'person',
      data: { digests: [digest] },
    };
    assert.ok((await store.append([gone])).ok);
    for (const args of [
      ['open', id],
      ['compare', id, '--file', 'index.html'],
    ]) {
      const ended = await butler(['deliverable', ...args]);
      assert.deepEqual([ended.status, ended.out], [1, '']);
      assert.match(ended.err, /content of "index\.html" was deleted/);
    }
    const many = Array.from({ length: 51 }, () => ['--attach', 'README.md']).flat();
    const refused = await butler(['run', 'butler', ...many, '/help']);
    assert.deepEqual([refused.status, /50 files at most/.test(refused.err)], [2, true]);
  });

  it('are handed over with files of this machine', async () => {
    const [created] = await told(
      'run',
      'butler',
      '--attach',
      'README.md',
      '--attach',
      'src/tide.js',
      '/help',
    );
    const { files } = (created?.body ?? {}) as { files: Record<string, unknown>[] };
    assert.deepEqual(
      files.map(({ name, mime }) => [name, mime]),
      [
        ['README.md', 'text/markdown; charset=utf-8'],
        ['tide.js', 'text/javascript; charset=utf-8'],
      ],
    );
    const refused = await butler(['run', 'butler', '--attach', 'none.txt', '/help']);
    assert.deepEqual([refused.status, /none\.txt cannot be read/.test(refused.err)], [2, true]);
  });

  it('have targets that are listed and checked, and accounts that only a person connects', async () => {
    assert.match(await said('target'), /^local +Local folder[\s\S]*No account is connected/);
    assert.match(await said('target', 'check', 'site-from-readme'), /^✓ /);
    const none = await butler(['target', 'connect', 'site-from-readme', '--stdin'], '{}');
    assert.deepEqual([none.status, /needs no account/.test(none.err)], [2, true]);
    const ability = { id: 'afar', name: 'Afar', description: '', provider: 'offline', model: '', prompt: '' };
    const target = { type: 'webdav', config: { folder: 'http://127.0.0.1:9/dav/', user: 'anna' } };
    const abilities = [{ ...ability, deliverable: 'website', target }];
    const file = path.join(stage.workspace, '.butler/abilities.json');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ abilities }));
    const kept = await butler(['target', 'connect', 'afar', '--stdin'], '{"password":"of-no-worth"}');
    assert.deepEqual([kept.status, /^Kept: [\s\S]*✗ /.test(kept.out)], [1, true], kept.out + kept.err);
    assert.equal((await butler(['target', 'disconnect', 'nobody'])).status, 2);
    assert.equal((await butler(['target', 'check', 'nobody'])).status, 2);
  });
});
