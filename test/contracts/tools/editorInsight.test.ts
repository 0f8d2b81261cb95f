import assert from 'node:assert/strict';
import path from 'node:path';
import { findSymbols } from '../../../server/adapters/tools/findSymbols.ts';
import { tools } from '../../../server/adapters/tools/index.ts';
import { readDiagnostics } from '../../../server/adapters/tools/readDiagnostics.ts';
import type { EditorInsight } from '../../../server/core/ports/tool.ts';
import { editorInsight } from '../../../server/main/editorInsight.ts';
import type { Diagnostic, EditorSymbol } from '../../../server/protocol/editor.ts';
import { good } from '../../../server/protocol/failure.ts';
import { call, type Ground, kindOf, makeGround, openEditor, rg, value } from './ground.ts';

const problem = (file: string, severity: Diagnostic['severity'], message = 'is wrong'): Diagnostic => ({
  path: file,
  line: 3,
  column: 7,
  severity,
  message,
  source: 'ts',
});
const symbol = (file: string, name: string): EditorSymbol => ({
  name,
  kind: 'function',
  container: 'Outer',
  path: file,
  line: 1,
  column: 2,
});

/** A context with an editor that tells these. */
function withEditor(ground: Ground, problems: Diagnostic[], symbols: EditorSymbol[] = []) {
  const asked: unknown[] = [];
  const insight: EditorInsight = {
    diagnostics: async (file) => {
      asked.push(file);
      return good(problems);
    },
    symbols: async (question) => {
      asked.push(question);
      return good(symbols);
    },
  };
  return { asked, context: ground.context({ editor: { ...openEditor(new Map()), insight } }) };
}

describe('what an editor knows', () => {
  it('is offered only where there is an editor that tells it', () => {
    const names = (insight: boolean) => tools({ rg, insight }).map(({ name }) => name);
    assert.ok(names(true).includes('read_diagnostics') && names(true).includes('find_symbols'));
    assert.ok(!names(false).includes('read_diagnostics') && !names(false).includes('find_symbols'));
  });

  it('is told errors first, of files in the workspace only', async () => {
    await using ground = await makeGround({ 'a.ts': 'x', 'b.ts': 'y', '.env': 'A=1' });
    const at = (name: string) => path.join(ground.workspace, name);
    const { context } = withEditor(ground, [
      problem(at('a.ts'), 'hint'),
      problem(at('b.ts'), 'error', 'two\n  lines'),
      problem(path.join(ground.outside, 'c.ts'), 'error', 'outside'),
      problem('/etc/passwd', 'error', 'outside'),
      problem(at('.env'), 'warning', 'a secret'),
      problem(at('a.ts'), 'warning'),
    ]);
    const { result } = await call(ground, readDiagnostics, {}, context);
    assert.deepEqual(result.output.split('\n'), [
      'b.ts:3:7 error [ts] two lines',
      'a.ts:3:7 warning [ts] is wrong',
      'a.ts:3:7 hint [ts] is wrong',
    ]);
  });

  it('is asked for one file by its real path, and never for one outside', async () => {
    await using ground = await makeGround({ 'a.ts': 'x' });
    const { context, asked } = withEditor(ground, []);
    await call(ground, readDiagnostics, { path: './a.ts' }, context);
    assert.deepEqual(asked, [path.join(ground.workspace, 'a.ts')]);
    const plan = value(await readDiagnostics.plan({ path: '../outside/x' }, context));
    assert.ok(plan.effects.some((effect) => effect.kind === 'read' && effect.place === 'outside'));
  });

  it('is bounded, however much the editor tells', async () => {
    await using ground = await makeGround({ 'a.ts': 'x' });
    const file = path.join(ground.workspace, 'a.ts');
    const { context } = withEditor(
      ground,
      Array.from({ length: 5000 }, () => problem(file, 'error', 'x'.repeat(5000))),
      Array.from({ length: 5000 }, () => symbol(file, 'y'.repeat(5000))),
    );
    for (const [tool, input] of [
      [readDiagnostics, {}],
      [findSymbols, { query: 'y' }],
    ] as const) {
      const { result } = await call(ground, tool as typeof readDiagnostics, input, context);
      assert.ok(result.output.length < 200_000);
      assert.match(result.output, /… and \d+ more/);
    }
  });

  it('names symbols by what they are, what they are in and where', async () => {
    await using ground = await makeGround({ 'a.ts': 'x' });
    const file = path.join(ground.workspace, 'a.ts');
    const { context, asked } = withEditor(
      ground,
      [],
      [symbol(file, 'tide'), symbol(file, 'moon'), symbol('/x.ts', 'sun')],
    );
    const all = await call(ground, findSymbols, { query: 'anything' }, context);
    assert.deepEqual(all.result.output.split('\n'), [
      'tide (function in Outer) a.ts:1:2',
      'moon (function in Outer) a.ts:1:2',
    ]);
    const one = await call(ground, findSymbols, { path: 'a.ts', query: 'Ti' }, context);
    assert.equal(one.result.output, 'tide (function in Outer) a.ts:1:2');
    assert.deepEqual(asked.at(-1), { path: file, query: 'Ti' });
    assert.equal(findSymbols.input.safeParse({}).success, false);
  });

  it('says so where the editor is gone', async () => {
    await using ground = await makeGround({ 'a.ts': 'x' });
    const context = ground.context();
    const plan = value(await readDiagnostics.plan({}, context));
    assert.equal(kindOf(await readDiagnostics.run({}, plan, context)), 'tool');
  });
});

describe('asking the client for what its editor knows', () => {
  const insight = (answer: () => Promise<unknown>) =>
    editorInsight({ sendRequest: answer } as unknown as Parameters<typeof editorInsight>[0]);
  const { signal } = new AbortController();

  it('takes an answer of the contract, and no other', async () => {
    const right = insight(async () => ({ diagnostics: [problem('/a', 'error')] }));
    assert.equal(value(await right.diagnostics(null, signal)).length, 1);
    for (const wrong of [null, {}, { diagnostics: [{ path: 1 }] }, 'x']) {
      assert.equal(kindOf(await insight(async () => wrong).diagnostics(null, signal)), 'malformed');
    }
  });

  it('is a failure where the client fails, and ends with the job', async () => {
    const failing = insight(async () => {
      throw new Error('no such method');
    });
    assert.equal(kindOf(await failing.symbols({ path: null, query: 'x' }, signal)), 'tool');
    const silent = insight(() => new Promise(() => undefined));
    const control = new AbortController();
    const asked = silent.diagnostics(null, control.signal);
    control.abort();
    assert.equal(kindOf(await asked), 'cancelled');
    assert.equal(kindOf(await silent.diagnostics(null, AbortSignal.abort())), 'cancelled');
  });
});
