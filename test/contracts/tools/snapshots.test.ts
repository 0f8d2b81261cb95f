import assert from 'node:assert/strict';
import path from 'node:path';
import type { ToolContext } from '../../../server/core/ports/tool.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { kindOf, value } from './ground.ts';
import { setScene, shell, treeOf } from './snapshotScene.ts';

const commands: Readonly<Record<string, string>> = {
  'writes over files': 'printf two > a/one.txt; printf 1 > a/b/bytes; printf x > docs/windows.txt',
  'makes files and folders': 'mkdir -p new/deep/er; printf n > new/deep/f; : > new/nothing; mkdir hollow',
  'takes away files, folders and links': 'rm -rf a docs empty "back\\\\slash"',
  'moves and renames': 'mv a z; mv docs/ident.txt z/b/; mv "GIT~1" other',
  'changes modes': 'chmod 644 a/run.sh; chmod 755 a/private; chmod 755 a/b/c; chmod 500 docs',
  'changes links': 'ln -sfn b a/link; rm a/out; mkdir a/out; printf f > a/out/f; ln -sf x a/dangling',
  'makes files of folders and folders of files':
    'rm -r docs; printf d > docs; rm a/one.txt; mkdir -p a/one.txt/x',
  'puts a link in the place of a folder, to one with the same names':
    'mkdir -p a2/b; printf other > a2/one.txt; cp -p a/b/bytes a2/b/bytes; mv a away; ln -s a2 a',
  'puts a link to the outside in the place of a folder': 'rm -r docs; ln -s /etc docs',
  'touches names that are not text': 'rm n*.txt; printf z > "$(printf "q\\377")"',
  'works in a nested repository':
    'printf changed > nested/in/file; printf added > nested/new; mkdir nested/hollow',
  'works in a nested repository that it has ignored from then on':
    'echo nested >> .gitignore; printf changed > nested/in/file; printf added > nested/new',
  'takes away a nested repository': 'rm -rf nested/in',
  'empties a folder': 'rm -rf empty a/b/* a/b/c',
  'writes much': 'for i in $(seq 300); do mkdir -p m/$i; printf $i > m/$i/f; done',
};

describe('what a command did in a workspace', () => {
  for (const [what, line] of Object.entries(commands)) {
    it(`is taken back byte for byte, done again and taken back, where it ${what}`, async () => {
      await using scene = await setScene();
      const { ground, snapshots } = scene;
      const before = await scene.tree();
      const undo = await scene.run(line);
      const after = await scene.tree();
      assert.notDeepEqual(after, before);
      for (const time of ['first', 'second']) {
        value(await snapshots.undo(undo, ground.context()));
        assert.deepEqual(await scene.tree(), before, time);
      }
      value(await snapshots.redo(undo, ground.context()));
      assert.deepEqual(await scene.tree(), after);
      value(await snapshots.undo(undo, ground.context()));
      assert.deepEqual(await scene.tree(), before);
    });
  }

  it('is nothing where it changed nothing, and then nothing is kept', async () => {
    await using scene = await setScene();
    assert.equal(await scene.run('cat a/one.txt; touch a/one.txt'), undefined);
    assert.equal(await scene.run('printf made > f; rm f'), undefined);
  });

  it('is seen although the file has the same size and the time it had', async () => {
    await using scene = await setScene();
    await scene.run('printf 1111 > same');
    const undo = await scene.run('touch -r same time; printf 2222 > same; touch -r time same; rm time');
    value(await scene.snapshots.undo(undo, scene.ground.context()));
    assert.equal((await scene.ground.read('same')).toString(), '1111');
  });

  it('is not taken back where something was changed since: then nothing is, and the difference is told', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const undo = await scene.run('printf two > a/one.txt; printf new > a/new.txt; rm docs/ident.txt');
    await ground.write('a/one.txt', 'by a person');
    const changed = await scene.tree();
    assert.equal(kindOf(await snapshots.undo(undo, ground.context())), 'conflict');
    assert.deepEqual(await scene.tree(), changed);
    assert.deepEqual(await snapshots.differences(undo, ground.context(), 'undo'), [
      { path: 'a/one.txt', before: 'by a person', after: 'one\n' },
    ]);
  });

  it('is taken back beside what others did meanwhile, which stays', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const before = await scene.tree();
    const undo = await scene.run('mkdir made; printf m > made/m; printf two > a/one.txt');
    await ground.write('made/theirs', 'theirs');
    await ground.write('docs/ident.txt', 'theirs');
    value(await snapshots.undo(undo, ground.context()));
    const tree = await scene.tree();
    assert.equal(tree['./a/one.txt'], before['./a/one.txt']);
    assert.match(tree['./made/theirs'] ?? '', / theirs$/);
    assert.match(tree['./docs/ident.txt'] ?? '', / theirs$/);
    assert.equal(tree['./made/m'], undefined);
  });

  it('leaves alone what was ignored before, even if the command ends that', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const before = await scene.tree();
    const undo = await scene.run('printf "" > .gitignore; printf new > a/new.log');
    value(await snapshots.undo(undo, ground.context()));
    const { './a/new.log': stays, ...rest } = await scene.tree();
    assert.deepEqual(rest, before);
    assert.equal(stays, undefined, 'what is new and not ignored any more is taken back');
  });

  it('is taken back although the command had everything ignored', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const before = await scene.tree();
    const undo = await scene.run('printf "*\\n" > .gitignore; printf two > a/one.txt; rm docs/ident.txt');
    value(await snapshots.undo(undo, ground.context()));
    const tree = await scene.tree();
    assert.equal(tree['./a/one.txt'], before['./a/one.txt']);
    assert.equal(tree['./docs/ident.txt'], before['./docs/ident.txt']);
    assert.match(tree['./.gitignore'] ?? '', /node_modules/);
  });

  it('is told as not kept where a folder is closed to its owner', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'nothing is closed to root');
    await using scene = await setScene();
    const { workspace, context } = scene.ground;
    const before = value(await scene.snapshots.take(workspace, 'e', context().signal));
    shell(workspace, 'chmod 000 docs');
    const ended = await scene.snapshots.finish(before, context());
    shell(workspace, 'chmod 755 docs');
    assert.equal(kindOf(ended), 'tool');
  });

  it('never goes through a link that was put in the way', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const undo = await scene.run('printf two > docs/windows.txt; rm docs/ident.txt');
    shell(ground.workspace, `mv docs ../outside/docs && ln -s ../outside/docs docs`);
    const outside = treeOf(ground.outside);
    assert.equal(kindOf(await snapshots.undo(undo, ground.context())), 'conflict');
    assert.deepEqual(treeOf(ground.outside), outside);
  });

  it('waits for a document with unsaved changes to be saved', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const undo = await scene.run('printf two > a/one.txt');
    const file = path.join(ground.workspace, 'a/one.txt');
    const editor: ToolContext['editor'] = {
      openText: (at) => (at === file ? 'typed' : null),
      applyText: async () => false,
    };
    assert.equal(kindOf(await snapshots.undo(undo, ground.context({ editor }))), 'conflict');
    assert.equal((await ground.read('a/one.txt')).toString(), 'two');
  });
});
