import { failures } from '../../../protocol/failure.ts';
import { tlsFault } from '../../tlsFault.ts';
import { calledOff, foreignText, TargetFault } from '../targetFault.ts';
import { type HttpAnswer, Silence } from './httpLine.ts';

/** Bytes of an error that are read; what goes on is left. */
const longestError = 64_000;

/** What stands for a fault of the way to a server, in words for a person. */
export function wayFault(host: string, error: unknown, signal: AbortSignal): TargetFault {
  if (error instanceof TargetFault) return error;
  const tooLong = signal.aborted && signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  if (signal.aborted && !tooLong) return calledOff();
  if (tooLong || error instanceof Silence) {
    return new TargetFault(failures.offline(`${host} did not answer in time.`), {
      passing: true,
      cause: error,
    });
  }
  const unsafe = tlsFault(host, error);
  if (unsafe) return new TargetFault(failures.denied(unsafe.what, unsafe.mend), { cause: error });
  const code = codeOf(error);
  const what = `${host} could not be reached${code ? ` (${code})` : ''}.`;
  const passing = code !== 'ENOTFOUND';
  return new TargetFault(failures.offline(what), { passing, cause: error });
}

/** The text of an answer up to a number of bytes; the rest is not waited for. */
export async function textOf({ body }: HttpAnswer, limit = longestError): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, limit - size));
    size += piece.length;
    if (size >= limit) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** An answer that was read to its end. */
export interface ToldAnswer extends Omit<HttpAnswer, 'body'> {
  readonly text: string;
}

/**
 * Reads an answer; a cut is told as any other fault of the way. With `most` a text of more bytes is a fault, for half
 * a list must not look like a whole one; without it the rest of a long text is left.
 */
export async function told(
  host: string,
  answer: HttpAnswer,
  signal: AbortSignal,
  most?: number,
): Promise<ToldAnswer> {
  const { status, header } = answer;
  const limit = most === undefined ? longestError : most + 1;
  try {
    const text = await textOf(answer, limit);
    if (most === undefined || Buffer.byteLength(text) <= most) return { status, header, text };
  } catch (error) {
    throw wayFault(host, error, signal);
  }
  throw new TargetFault(failures.malformed(host, `an answer of more than ${most} bytes.`));
}

/** The body of an answer piece by piece; a cut is told as any other fault of the way. */
export async function* piecesOf(
  host: string,
  { body }: HttpAnswer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) yield piece;
  } catch (error) {
    throw wayFault(host, error, signal);
  }
}

/** Where a server is full. */
export function fullFault(host: string): TargetFault {
  return new TargetFault(
    failures.denied(`There is no room left at ${host}.`, 'Make room there, or choose another place.'),
  );
}

/** Where a server has a fault or too much to do, for the moment. */
export function busyFault(host: string): TargetFault {
  return new TargetFault(failures.overloaded(host), { passing: true });
}

/** Any other refusal, with the server's own words. */
export function refusedFault(host: string, words: string): TargetFault {
  const said = foreignText(words);
  return new TargetFault(
    failures.tool(
      `${host} refused${said ? `: ${said}` : ''}.`,
      'Check the settings of the target, then try again.',
    ),
  );
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
