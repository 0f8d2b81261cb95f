import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  Diagnostic,
  DiagnosticSeverity,
  DocumentSymbol,
  Location,
  languages,
  Range,
  SymbolInformation,
  SymbolKind,
  Uri,
} from 'vscode';
import { diagnosticsOf, symbolsIn, symbolsLike } from '../../extension/editorInsight.ts';
import { readClientOptions } from '../../extension/settings.ts';
import { activeParts, folder } from './parts.ts';

describe('what the editor knows', () => {
  const range = new Range(2, 4, 2, 9);
  const given: { dispose(): unknown }[] = [];
  let file = '';

  before(async () => {
    file = path.join(folder(), 'insight.txt');
    await writeFile(file, 'one\ntwo\n    three\n');
    const problems = languages.createDiagnosticCollection('insight');
    problems.set(Uri.file(file), [
      new Diagnostic(range, 'a hint', DiagnosticSeverity.Hint),
      new Diagnostic(range, 'an error', DiagnosticSeverity.Error),
    ]);
    const inner = new DocumentSymbol('inner', '', SymbolKind.Method, range, range);
    const outer = new DocumentSymbol(
      'outer',
      '',
      SymbolKind.Class,
      new Range(0, 0, 2, 9),
      new Range(0, 0, 0, 3),
    );
    outer.children.push(inner);
    given.push(
      problems,
      languages.registerDocumentSymbolProvider(
        { scheme: 'file', pattern: '**/insight.txt' },
        { provideDocumentSymbols: () => [outer] },
      ),
      languages.registerWorkspaceSymbolProvider({
        provideWorkspaceSymbols: (query) =>
          query === 'tide'
            ? [new SymbolInformation('tide', SymbolKind.Function, 'sea', new Location(Uri.file(file), range))]
            : [],
      }),
    );
  });
  after(() => {
    for (const one of given) one.dispose();
  });

  it('is told to the worker, which is told that it can ask', async () => {
    assert.equal(readClientOptions((await activeParts()).log).insight, true);
  });

  it('holds what is wrong, errors first, of one file or of all', async () => {
    const ours = (await diagnosticsOf(null)).filter((one) => one.path === file);
    for (const found of [ours, await diagnosticsOf(file)]) {
      assert.deepEqual(
        found.map(({ line, column, severity, message }) => [line, column, severity, message]),
        [
          [3, 5, 'error', 'an error'],
          [3, 5, 'hint', 'a hint'],
        ],
      );
    }
    assert.deepEqual(await diagnosticsOf(path.join(folder(), 'no such file')), []);
  });

  it('holds the symbols of a file with what they are in', async () => {
    assert.deepEqual(
      (await symbolsIn(file)).map(({ name, kind, container, line }) => [name, kind, container, line]),
      [
        ['outer', 'class', '', 1],
        ['inner', 'method', 'outer', 3],
      ],
    );
  });

  it('holds the symbols of the workspace by name', async () => {
    const found = (await symbolsLike('tide')).filter((one) => one.path === file);
    assert.deepEqual(
      found.map(({ name, kind, container, line, column }) => [name, kind, container, line, column]),
      [['tide', 'function', 'sea', 3, 5]],
    );
  });
});
