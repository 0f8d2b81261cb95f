import type { Made, Making } from '../../core/ports/provider.ts';
import { askOnce } from './exchange.ts';
import type { HttpAnswer } from './httpAnswer.ts';
import { connect, type Reachable } from './httpConnection.ts';
import { Unreadable } from './refusal.ts';
import { unlessSent } from './sent.ts';

/** How a service is asked to make something of words, and what comes back. */
export interface MakingDialect extends Omit<Making, 'make'> {
  readonly path: string;
  readonly body: (words: string) => object;
  /** The type of an answer that can be read. */
  readonly type: string;
  readonly read: (answer: HttpAnswer) => Promise<Made>;
}

/** A picture or a speech may take minutes, and nothing comes before it is whole. */
const longestSilence = 300_000;
/** The most bytes of a file that is made. */
const largest = 32 * 1024 * 1024;

/** What makes something of words by a service. */
export function making(service: Reachable, dialect: MakingDialect): Making {
  const { model, longest, usd, path, body, type, read } = dialect;
  return {
    model,
    longest,
    usd,
    make: (words, signal, taken) => {
      const { send, faultOf } = connect(service, model);
      return askOnce(
        async (line) => {
          const response = await send(
            { path, body: JSON.stringify(body(words)), anew: true, type, taken },
            line,
          );
          return line.wait(read(response));
        },
        (error, answering) => unlessSent(faultOf(error, answering), error, service.title),
        { signal, silence: longestSilence },
      );
    },
  };
}

/** The whole of an answer as bytes; one that does not end is `Unreadable`. */
export async function bytesOf({ body }: HttpAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw new Unreadable('more than can be wanted');
  }
  if (size === 0) throw new Unreadable('an empty answer');
  return Buffer.concat(chunks);
}

/** Bytes in base64 within JSON. */
export function unpackedBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || text === '' || !/^[A-Za-z0-9+/=\s_-]+$/.test(text.slice(0, 1000))) {
    throw new Unreadable('an answer of another shape');
  }
  return Buffer.from(text, 'base64');
}
