import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { longestMessage } from './lines.ts';

/**
 * A server at an address. A redirect to another host is an error that names it, no cookie is kept, and no message
 * takes more room than it is given.
 */
export function addressTransport(
  url: string,
  headers: Readonly<Record<string, string>>,
): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
    fetch: async (address, init) => bounded(await fetch(address, { ...init, redirect: 'manual' })),
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 30_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 2,
    },
  });
}

/** Whether an error says that a server at an address cannot be asked on this connection any more. */
export function isLost(error: unknown): boolean {
  return error instanceof StreamableHTTPError || (error instanceof TypeError && 'cause' in error);
}

/** The same answer with a body that ends in an error where one message of it has no end in sight. */
function bounded(response: Response): Response {
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(messageLimit());
  const limited = new Response(body, { status, statusText, headers });
  Object.defineProperty(limited, 'url', { value: response.url });
  return limited;
}

/** Counts the bytes since the last empty line, which ends a message of a stream. */
function messageLimit(): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  let isLineEmpty = true;
  return new TransformStream({
    transform: (bytes, controller) => {
      for (const byte of bytes) {
        if (byte === lineFeed) {
          if (isLineEmpty) length = 0;
          isLineEmpty = true;
        } else if (byte !== carriageReturn) isLineEmpty = false;
        length++;
      }
      if (length > longestMessage) controller.error(new Error('A message has no end in sight.'));
      else controller.enqueue(bytes);
    },
  });
}

const lineFeed = 10;
const carriageReturn = 13;
