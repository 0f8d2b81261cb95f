import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonical } from '../../server/core/canonical.ts';
import type { ModelChoice } from '../../server/protocol/provider.ts';
import type { Transcript } from '../../server/protocol/transcript.ts';
import type { Call, Turn } from '../../server/protocol/turn.ts';

/** A transcript as a person would tell it; ids, times and folders of the run are taken out. */
export function told(transcript: Transcript, workspace: string): string {
  return `${transcript.turns
    .flatMap(tellTurn)
    .join('\n')
    .replaceAll(workspace, '<workspace>')
    .replace(/"deliverable":"[\w-]+"/g, '"deliverable":"<id>"')
    .replace(/"size":\d+/g, '"size":<n>')
    .replace(/"id":"[\w-]+"/g, '"id":"<id>"')
    .replace(/\b[0-9a-f]{40,64}\b/g, '<digest>')
    .replace(/\b[0-9a-f]{12}\b/g, '<hash>')}\n`;
}

/** Compares with the golden file beside the test; `UPDATE_GOLDEN=1` writes it anew. */
export async function matchesGolden(name: string, text: string): Promise<void> {
  const file = path.join(import.meta.dirname, '../contracts/conversations', `${name}.golden.txt`);
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, text);
  assert.equal(text, await readFile(file, 'utf8'));
}

function tellTurn(turn: Turn): string[] {
  switch (turn.kind) {
    case 'person':
      return [`PERSON${turn.steered ? ' (while it works)' : ''}: ${turn.text}`];
    case 'assistant':
      return [
        ...turn.parts.flatMap((part) => (part.kind === 'text' && part.text ? [`BUTLER: ${part.text}`] : [])),
        ...turn.calls.flatMap(tellCall),
      ];
    case 'attempt':
      return [`ATTEMPT FAILED (${turn.provider}): ${turn.failure.kind}`];
    case 'switched':
      return [`SWITCHED: ${nameOf(turn.from)} → ${nameOf(turn.to)}: ${turn.failure.kind}`];
    case 'network':
      return [`NETWORK ${turn.returned ? 'RETURNED' : 'AWAITED'}: ${turn.who}: ${turn.failure.kind}`];
    case 'routed':
      return [`ROUTED: ${turn.agent}`];
    case 'compacted':
      return [`COMPACTED: ${turn.summary}`];
    case 'question': {
      const { title, rule, decision } = turn.approval;
      return [`ASKED: ${title}: ${rule} → ${decision ?? 'open'}`];
    }
    case 'failure':
      return [`JOB FAILED: ${turn.failure.kind}: ${turn.failure.what}`];
    case 'aborted':
      return ['JOB ABORTED'];
    case 'recovered':
      return ['JOB TAKEN OVER'];
    case 'deliverable': {
      const { type, title, files } = turn.deliverable;
      const places = turn.publications.map(
        ({ publication, state }) => `  published at ${publication.location}${became[state]}`,
      );
      return [
        `DELIVERABLE (${type}): ${title}: ${files.map(({ path: one }) => one).join(', ')}`,
        ...(places.length > 0 ? places : ['  not published']),
      ];
    }
  }
}

const became = { stands: '', replaced: ', replaced', undone: ', taken back' } as const;

const nameOf = ({ provider, model }: ModelChoice) => (model === '' ? provider : `${provider} ${model}`);

function tellCall(call: Call): string[] {
  const { approval } = call;
  return [
    `CALL ${call.tool} ${canonical(call.input)}`,
    ...(approval ? [`  ASKED: ${approval.title}: ${approval.rule} → ${approval.decision ?? 'open'}`] : []),
    ...(call.title ? [`  ${call.title}`] : []),
    `  ${call.state}${call.undoable ? ', can be undone' : ''}: ${(call.output ?? '(no result)').replaceAll('\n', '\n    ')}`,
    ...(call.undoFailure ? [`  NOT UNDONE: ${call.undoFailure.what}`] : []),
  ];
}
