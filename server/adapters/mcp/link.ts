import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  GetPromptResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import type { McpCallControl, McpOffer } from '../../core/ports/mcp.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { McpTransport } from '../../protocol/mcp.ts';
import { addressTransport, isLost } from './httpTransport.ts';
import { type Listing, openListing } from './listing.ts';
import type { Start } from './program.ts';
import { textOfPrompt, textOfResource, textOfResult } from './results.ts';
import { type ProgramTransport, programTransport } from './stdioTransport.ts';

/** How long a server may take, in ms: to start and say what it offers, and for one call, with progress and without. */
export interface Times {
  readonly start: number;
  readonly quiet: number;
  readonly call: number;
}

/** One server at work. */
export interface Link {
  /** What it offers, with every change that it told of taken in. */
  offer(): Promise<Outcome<McpOffer>>;
  call(
    tool: string,
    input: Readonly<Record<string, unknown>>,
    control: McpCallControl,
  ): Promise<Outcome<string>>;
  read(uri: string, control: McpCallControl): Promise<Outcome<string>>;
  prompt(name: string, given: Readonly<Record<string, string>>): Promise<Outcome<string>>;
  close(): Promise<void>;
}

/** What the owner of a link is told. */
export interface LinkNews {
  /** What it offers, at first and after each change. */
  changed(offer: McpOffer): void;
  /** It ended by itself, and why. */
  ended(why: string): void;
}

/** How a server is reached: an address, or a program as it is to be started. */
export type Reach =
  | (Extract<McpTransport, { kind: 'http' }> & { readonly start?: never })
  | { readonly kind: 'stdio'; readonly args: readonly string[]; readonly start: Start };

/**
 * Connects to a server and asks what it offers. The server is given nothing that it could ask of us: no roots, no
 * sampling, no questions to the person; each such request is answered with an error.
 */
export async function openLink(
  reach: Reach,
  times: Times,
  news: LinkNews,
  signal: AbortSignal,
): Promise<Outcome<Link>> {
  const transport =
    reach.kind === 'http'
      ? addressTransport(reach.url, reach.headers)
      : programTransport(reach.start, reach.args);
  const client = new Client({ name: 'virtual-butler', version: '0.1.0' }, { jsonSchemaValidator: unchecked });
  let isOpen = false;
  const over = (why: string) => {
    if (isOpen) news.ended(why);
    isOpen = false;
  };
  const close = async () => {
    isOpen = false;
    await endSession(transport);
    await client.close().catch(() => undefined);
    await transport.close();
  };
  client.onclose = () => over(complaintOf(transport) || 'it closed the connection');
  limitChatter(transport, () => {
    over('it sends more than anybody asked for');
    void close();
  });
  const offers = openListing(client, news.changed, times.start);
  try {
    const options = {
      signal: AbortSignal.any([signal, AbortSignal.timeout(times.start)]),
      timeout: times.start,
    };
    await client.connect(transport as Transport, options);
    await offers.first(options);
    isOpen = true;
  } catch (error) {
    await close();
    return bad(failures.tool(wordsOf(error, transport), 'Look at its command or address, then try again.'));
  }
  return good({ ...linkOver({ client, transport, offers, times, over }), close });
}

/** What is asked of a server that is connected. */
function linkOver({
  client,
  transport,
  offers,
  times,
  over,
}: {
  client: Client;
  transport: object;
  offers: Listing;
  times: Times;
  over(why: string): void;
}): Omit<Link, 'close'> {
  const act = async <T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    try {
      return await work();
    } catch (error) {
      if (isLost(error)) over('it is out of reach, or knows this session no more');
      return bad(failures.tool(wordsOf(error, transport), 'Try another way, or once more later.'));
    }
  };
  return {
    offer: () => act(async () => good(await offers.now())),
    call: (name, input, control) =>
      act(async () => {
        const request = { method: 'tools/call' as const, params: { name, arguments: { ...input } } };
        const result = await client.request(request, CallToolResultSchema, optionsOf(control, times));
        const text = textOfResult(result);
        return result.isError ? bad(failures.tool(text, '')) : good(text);
      }),
    read: (uri, control) =>
      act(async () => {
        const request = { method: 'resources/read' as const, params: { uri } };
        const read = await client.request(request, ReadResourceResultSchema, optionsOf(control, times));
        return good(textOfResource(read));
      }),
    prompt: (name, given) =>
      act(async () => {
        const request = { method: 'prompts/get' as const, params: { name, arguments: { ...given } } };
        const got = await client.request(request, GetPromptResultSchema, { timeout: times.quiet });
        return good(textOfPrompt(got));
      }),
  };
}

/** What a server says of the form of its answers is not held against them: no pattern of a stranger is run. */
const unchecked: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/** More unasked messages than this between two answers are a flood. */
const mostUnasked = 20_000;

/** Ends a server that talks without end; what it answers to a question counts anew. */
function limitChatter(transport: Transport, end: () => void): void {
  let unasked = 0;
  transport.onmessage = (message: object) => {
    unasked = 'method' in message ? unasked + 1 : 0;
    if (unasked === mostUnasked) end();
  };
}

function optionsOf({ signal, progress }: McpCallControl, times: Times): RequestOptions {
  return {
    signal,
    timeout: times.quiet,
    maxTotalTimeout: times.call,
    resetTimeoutOnProgress: true,
    onprogress: ({ progress: at, total, message = '' }) => {
      const fraction = total && total > 0 ? Math.min(1, Math.max(0, at / total)) : 0;
      progress(fraction, message.slice(0, 200));
    },
  };
}

/** Tells a server at an address that nobody comes back, where it wants to know. */
async function endSession(transport: object): Promise<void> {
  if (!('terminateSession' in transport)) return;
  const { terminateSession } = transport as { terminateSession(): Promise<void> };
  await Promise.race([
    terminateSession.call(transport).catch(() => undefined),
    pause(graceOfSession, undefined, { ref: false }),
  ]);
}

const graceOfSession = 500;

function complaintOf(transport: object): string {
  return 'complaint' in transport ? (transport as ProgramTransport).complaint() : '';
}

function wordsOf(error: unknown, transport: object): string {
  const words = error instanceof Error ? causeOf(error) : String(error);
  return [`The MCP server failed: ${words.slice(0, 500)}`, complaintOf(transport)].filter(Boolean).join('; ');
}

/** A failed fetch says why only in its cause. */
function causeOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause.message ? `${error.message}: ${cause.message}` : error.message;
}
