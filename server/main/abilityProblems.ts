import { type Connection, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { AbilityProblem } from '../protocol/ability.ts';
import type { Butler } from './compose.ts';
import { uriOf } from './documents.ts';

/** Shows what is wrong in Abilities files as diagnostics, and takes them back when it is mended. */
export function publishProblems(connection: Connection, butler: Butler): { refresh(): void } {
  const shown = new Set<string>();
  const refresh = async () => {
    const { problems } = await butler.abilities();
    const byFile = Map.groupBy(problems, ({ file }) => file);
    for (const file of new Set([...shown, ...byFile.keys()])) {
      const diagnostics = (byFile.get(file) ?? []).map(toDiagnostic);
      await connection.sendDiagnostics({ uri: uriOf(file), diagnostics });
      if (diagnostics.length > 0) shown.add(file);
      else shown.delete(file);
    }
  };
  return {
    refresh: () => {
      refresh().catch((error: unknown) => connection.console.error(`abilities: ${String(error)}`));
    },
  };
}

function toDiagnostic({ line, message }: AbilityProblem) {
  const start = { line: line - 1, character: 0 };
  const end = { line: line - 1, character: 1000 };
  return { range: { start, end }, severity: DiagnosticSeverity.Error, source: 'butler', message };
}
