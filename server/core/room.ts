import type { ProviderRequest } from './ports/provider.ts';
import { type Asking, piecesOf, requestOf, roomOf } from './prompt.ts';
import type { Piece } from './telling.ts';
import { type Counted, estimateTokens, sizeOf } from './tokens.ts';

/** A request with what is known of its length. */
export interface Measured {
  readonly request: ProviderRequest;
  readonly pieces: readonly Piece[];
  /** The size of what stands before the conversation, in bytes. */
  readonly fixed: number;
  /** An estimate of the whole request. */
  readonly tokens: number;
  /** How many tokens it may have, so that the answer has its place. */
  readonly room: number;
  /** The estimate for a request that begins alike and has another size. */
  tokensFor(size: number): number;
}

/** Builds a request and measures it. */
export function measure(asking: Asking): Measured {
  const pieces = piecesOf(asking);
  const request = requestOf(asking, pieces);
  const fixed = sizeOf(request.system) + sizeOf(JSON.stringify(request.tools));
  const size = fixed + sizeOfPieces(pieces);
  const counted = countedIn(pieces, size, asking);
  const tokensFor = (of: number) => estimateTokens(of, counted);
  return {
    request,
    pieces,
    fixed,
    tokens: tokensFor(size),
    room: roomOf(asking.facts),
    tokensFor,
  };
}

/** The size of pieces together, in bytes. */
export function sizeOfPieces(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { size }) => sum + size, 0);
}

/** The last request of the same model that this one begins with, as its provider counted it. */
function countedIn(pieces: readonly Piece[], whole: number, { ability }: Asking): Counted | null {
  const first = pieces[0]?.turn;
  const since = first?.kind === 'compacted' ? Number(first.key) : 0;
  let size = whole;
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index];
    if (!piece) break;
    size -= piece.size;
    const { turn } = piece;
    const same =
      turn.kind === 'assistant' && turn.provider === ability.provider && turn.model === ability.model;
    if (!same || !turn.usage || turn.usage.estimated || Number(turn.key) <= since) continue;
    const { input, cacheRead, cacheWrite } = turn.usage;
    return { size, tokens: input + cacheRead + cacheWrite };
  }
  return null;
}
