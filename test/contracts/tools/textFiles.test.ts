import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { editFile } from '../../../server/adapters/tools/editFile.ts';
import { decode, encode } from '../../../server/adapters/tools/files/textForm.ts';
import { readFile } from '../../../server/adapters/tools/readFile.ts';
import { writeFile } from '../../../server/adapters/tools/writeFile.ts';
import { call, kindOf, makeGround, openEditor, value } from './ground.ts';

const sha = (data: string | Uint8Array) => hash('sha256', data);
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const utf16be = (text: string) =>
  Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);

describe('the form of a text', function () {
  this.timeout(60_000);

  it('comes back byte for byte from whatever can be read as text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decode(bytes);
        if (decoded) assert.deepEqual(Buffer.from(encode(decoded)), Buffer.from(bytes));
      }),
    );
    for (const bytes of [utf16('grüße\r\n'), utf16be('grüße\n'), Buffer.from('\ufeffmark')]) {
      const decoded = decode(bytes) ?? assert.fail();
      assert.deepEqual(Buffer.from(encode(decoded)), bytes);
    }
  });
});

describe('reading', function () {
  this.timeout(60_000);

  it('numbers lines, cuts what is long with a note, and names the version', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index + 1}`).join('\n');
    await using ground = await makeGround({ 'long.txt': `${text}\n` });
    const { result } = await call(ground, readFile, { path: 'long.txt' });
    assert.match(result.output, /^long\.txt, lines 1 to 600 of 5000, version [0-9a-f]{64}\n1\tline 1\n/);
    assert.match(result.output, /\n… cut; read on from line 601\.$/);
    const part = await call(ground, readFile, { path: 'long.txt', from: 4999, lines: 10 });
    assert.match(part.result.output, /\n4999\tline 4999\n5000\tline 5000$/);
  });

  it('stays bounded whatever the file is', async () => {
    await using ground = await makeGround({ 'wide.txt': `${'x'.repeat(3_000_000)}\n`.repeat(3) });
    const { result } = await call(ground, readFile, { path: 'wide.txt' });
    assert.ok(result.output.length < 50_000);
  });

  it('refuses binary files, folders and files that are not there', async () => {
    await using ground = await makeGround({
      'a.bin': Uint8Array.from([0, 1, 2]),
      'b.bin': Buffer.from([0xc3, 0x28]),
    });
    await mkdir(path.join(ground.workspace, 'folder'));
    const kinds = {
      'a.bin': 'tool',
      'b.bin': 'tool',
      folder: 'tool',
      missing: 'invalid',
    };
    for (const [given, kind] of Object.entries(kinds)) {
      const input = readFile.input.parse({ path: given });
      const plan = value(await readFile.plan(input, ground.context()));
      assert.equal(kindOf(await readFile.run(input, plan, ground.context())), kind, given);
    }
  });

  it('does not wait on a pipe', async () => {
    if (process.platform === 'win32') return;
    await using ground = await makeGround();
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [path.join(ground.workspace, 'pipe')]);
    const input = readFile.input.parse({ path: 'pipe' });
    const plan = value(await readFile.plan(input, ground.context()));
    assert.equal(kindOf(await readFile.run(input, plan, ground.context())), 'tool');
  });
});

describe('changing', function () {
  this.timeout(60_000);

  const forms = {
    CRLF: Buffer.from('one\r\ntwo\r\nthree\r\n'),
    'a mark': Buffer.from('\ufeffone\ntwo\nthree\n'),
    'UTF-16 with CRLF': utf16('one\r\ntwo\r\nthree\r\n'),
    'UTF-16 big-endian': utf16be('one\ntwo\nthree\n'),
    'no last line end': Buffer.from('one\ntwo\nthree'),
  };

  for (const [form, bytes] of Object.entries(forms)) {
    it(`keeps ${form}`, async () => {
      await using ground = await makeGround({ 'a.txt': bytes });
      await call(ground, editFile, {
        path: 'a.txt',
        version: sha(bytes),
        old: 'one\ntwo',
        new: 'eins\nzwei',
      });
      const before = decode(bytes) ?? assert.fail();
      const text = before.text.replace('one', 'eins').replace('two', 'zwei');
      assert.deepEqual(await ground.read('a.txt'), Buffer.from(encode({ ...before, text })));
      const now = sha(await ground.read('a.txt'));
      await call(ground, writeFile, {
        path: 'a.txt',
        version: now,
        content: before.text.replaceAll('\r\n', '\n'),
      });
      assert.deepEqual(await ground.read('a.txt'), bytes);
    });
  }

  it('keeps the mode', async () => {
    await using ground = await makeGround({ 'run.sh': 'echo\n' });
    const file = path.join(ground.workspace, 'run.sh');
    await chmod(file, 0o750);
    await call(ground, editFile, { path: 'run.sh', version: sha('echo\n'), old: 'echo', new: 'exit' });
    assert.equal((await stat(file)).mode & 0o777, 0o750);
  });

  it('takes "$" and "$&" for what they are', async () => {
    await using ground = await makeGround({ 'a.txt': 'price' });
    await call(ground, editFile, { path: 'a.txt', version: sha('price'), old: 'price', new: "$& $1 $' $$" });
    assert.equal(String(await ground.read('a.txt')), "$& $1 $' $$");
  });

  it('says when the piece is not there or is there more than once', async () => {
    await using ground = await makeGround({ 'a.txt': 'x x' });
    const plan = (old: string) =>
      editFile.plan(
        editFile.input.parse({ path: 'a.txt', version: sha('x x'), old, new: 'y' }),
        ground.context(),
      );
    for (const old of ['z', 'x']) {
      const outcome = await plan(old);
      assert.ok(!outcome.ok);
      assert.equal(outcome.failure.field, 'old');
    }
  });

  it('refuses without the version that stands there', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    const plan = (input: unknown) => writeFile.plan(writeFile.input.parse(input), ground.context());
    assert.equal(kindOf(await plan({ path: 'a.txt', content: 'y' })), 'conflict');
    assert.equal(kindOf(await plan({ path: 'a.txt', content: 'y', version: sha('other') })), 'conflict');
    assert.equal(kindOf(await plan({ path: 'gone.txt', content: 'y', version: sha('x') })), 'conflict');
  });

  it('shows the whole change in its plan, and is bound to both digests', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    const input = writeFile.input.parse({ path: 'a.txt', content: 'y', version: sha('x') });
    const plan = value(await writeFile.plan(input, ground.context()));
    assert.deepEqual(plan.preview, { kind: 'diff', path: 'a.txt', before: 'x', after: 'y' });
    const file = path.join(ground.workspace, 'a.txt');
    assert.deepEqual(plan.exactly, { path: file, before: sha('x'), after: sha('y') });
  });

  it('makes missing folders, and takes them away again when they are empty', async () => {
    await using ground = await makeGround();
    const made = await call(ground, writeFile, { path: 'a/b/c.txt', content: 'x' });
    await ground.write('a/mine.txt', 'mine');
    assert.equal(
      kindOf((await writeFile.undo?.(made.result.undo, ground.context())) ?? { ok: true, value: 0 }),
      'ok',
    );
    assert.deepEqual(Object.keys(await ground.snapshot()), ['a', 'a/mine.txt']);
  });

  it('does not overwrite a file that came into being after the plan', async () => {
    await using ground = await makeGround();
    const input = writeFile.input.parse({ path: 'new.txt', content: 'x' });
    const plan = value(await writeFile.plan(input, ground.context()));
    await ground.write('new.txt', 'mine');
    assert.equal(kindOf(await writeFile.run(input, plan, ground.context())), 'conflict');
    assert.equal(String(await ground.read('new.txt')), 'mine');
  });

  it('does not bring back a file that was deleted after the plan, or after the change', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    const file = path.join(ground.workspace, 'a.txt');
    const input = writeFile.input.parse({ path: 'a.txt', content: 'y', version: sha('x') });
    const plan = value(await writeFile.plan(input, ground.context()));
    await rm(file);
    assert.equal(kindOf(await writeFile.run(input, plan, ground.context())), 'conflict');
    await ground.write('a.txt', 'x');
    const made = await call(ground, writeFile, input);
    await rm(file);
    assert.ok(writeFile.undo);
    assert.equal(kindOf(await writeFile.undo(made.result.undo, ground.context())), 'conflict');
    assert.deepEqual(await ground.snapshot(), {});
  });

  it('leaves nothing beside the file', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    await ground.write('.butler-crashed.tmp', 'half');
    const input = writeFile.input.parse({ path: 'a.txt', content: 'y', version: sha('x') });
    await writeFile.reconcile?.(input, ground.context({ execution: 'crashed' }));
    await call(ground, writeFile, input);
    assert.deepEqual(Object.keys(await ground.snapshot()), ['a.txt']);
  });
});

describe('changing an open document', function () {
  this.timeout(60_000);

  it('goes through the editor, from the text that the person sees, and is taken back there', async () => {
    await using ground = await makeGround({ 'a.txt': 'saved' });
    const file = path.join(ground.workspace, 'a.txt');
    const texts = new Map([[file, 'unsaved words']]);
    const context = () => ground.context({ editor: openEditor(texts) });
    const read = await call(ground, readFile, { path: 'a.txt' }, context());
    assert.ok(read.result.output.includes('unsaved words'));
    const input = { path: 'a.txt', version: sha('unsaved words'), old: 'unsaved', new: 'new' };
    const made = await call(ground, editFile, input, context());
    assert.equal(texts.get(file), 'new words');
    assert.equal(String(await ground.read('a.txt')), 'saved', "the disk is the editor's business");
    assert.ok(editFile.undo);
    value(await editFile.undo(made.result.undo, context()));
    assert.equal(texts.get(file), 'unsaved words');
  });

  it('is taken back on disk when it was saved and closed meanwhile', async () => {
    await using ground = await makeGround({ 'a.txt': '\ufeffold' });
    const file = path.join(ground.workspace, 'a.txt');
    const texts = new Map([[file, 'old']]);
    const input = { path: 'a.txt', version: sha('old'), old: 'old', new: 'new' };
    const made = await call(ground, editFile, input, ground.context({ editor: openEditor(texts) }));
    await ground.write('a.txt', '\ufeffnew');
    assert.ok(editFile.undo);
    value(await editFile.undo(made.result.undo, ground.context()));
    assert.equal(String(await ground.read('a.txt')), '\ufeffold');
  });

  it('is a conflict when the editor refuses, or when the person typed on', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    const file = path.join(ground.workspace, 'a.txt');
    const texts = new Map([[file, 'x']]);
    const input = editFile.input.parse({ path: 'a.txt', version: sha('x'), old: 'x', new: 'y' });
    const refusing = ground.context({ editor: openEditor(texts, false) });
    const plan = value(await editFile.plan(input, refusing));
    assert.equal(kindOf(await editFile.run(input, plan, refusing)), 'conflict');
    texts.set(file, 'x, typed on');
    const editor = openEditor(texts);
    assert.equal(kindOf(await editFile.run(input, plan, ground.context({ editor }))), 'conflict');
    assert.equal(texts.get(file), 'x, typed on');
  });
});
