import { randomUUID } from 'node:crypto';
import type { CallPart } from '../../../protocol/provider.ts';
import { inputIn, isRecord } from '../callInput.ts';
import { Unreadable } from '../refusal.ts';

/** The tool calls of an answer, put together from pieces that may come mixed. */
export interface Calls {
  /** Takes the pieces of one event; answers the tools of the calls that began with them. */
  take(pieces: unknown): readonly string[];
  /** Whether the input of one is not whole. */
  half(): boolean;
  /** The calls; one whose id an earlier call has gets another. */
  parts(taken: ReadonlySet<string>): CallPart[];
}

interface Call {
  readonly id: string;
  readonly tool: string;
  json: string;
}

/**
 * Begins to put calls together. Services tell pieces of one call from another's by the index, by the id, or only
 * by the name with which a call begins, so whichever of them is there decides.
 */
export function gatherCalls(): Calls {
  const calls: Call[] = [];
  const known: Known = { places: new Map(), ids: new Map() };
  return {
    take(pieces) {
      if (!Array.isArray(pieces)) throw new Unreadable('tool calls of another shape');
      const before = calls.length;
      for (const piece of pieces) addPiece(calls, known, pieceOf(piece));
      return calls.slice(before).map((call) => call.tool);
    },
    half: () => calls.some(({ json }) => inputIn(json) === undefined),
    parts(taken) {
      const used = new Set<string>();
      return calls.map(({ id, tool, json }) => {
        const input = inputIn(json);
        if (!input) throw new Unreadable(`an input of "${tool}" that is no JSON object`);
        const call = id && !used.has(id) && !taken.has(id) ? id : `call_${randomUUID()}`;
        used.add(call);
        return { kind: 'call', call, tool, input };
      });
    },
  };
}

interface Piece {
  readonly place: unknown;
  readonly id: string;
  readonly tool: string;
  readonly json: string;
}

/** The calls by what tells them apart. */
interface Known {
  readonly places: Map<unknown, Call>;
  readonly ids: Map<string, Call>;
}

function addPiece(calls: Call[], known: Known, piece: Piece): void {
  const call = openCall(calls, known, piece) ?? begun(calls, known, piece);
  known.places.set(piece.place, call);
  call.json += piece.json;
}

function begun(calls: Call[], { ids }: Known, { id, tool }: Piece): Call {
  if (tool === '') throw new Unreadable('a tool call without the name of its tool');
  const call: Call = { id, tool, json: '' };
  calls.push(call);
  if (id) ids.set(id, call);
  return call;
}

/** The call that a piece goes on with; a name begins one, unless it only repeats that of the call at its place. */
function openCall(calls: readonly Call[], { places, ids }: Known, piece: Piece): Call | undefined {
  const { id, tool, place } = piece;
  const same = id ? ids.get(id) : undefined;
  if (same) return same;
  const open = place === undefined ? calls.at(-1) : places.get(place);
  return tool !== '' && (id !== '' || place === undefined) ? undefined : open;
}

function pieceOf(value: unknown): Piece {
  if (!isRecord(value)) throw new Unreadable('a tool call of another shape');
  const asked = isRecord(value.function) ? value.function : {};
  const { name, arguments: input } = asked;
  return {
    place: value.index ?? undefined,
    id: typeof value.id === 'string' ? value.id : '',
    tool: typeof name === 'string' ? name : '',
    json: typeof input === 'string' ? input : isRecord(input) ? JSON.stringify(input) : '',
  };
}
