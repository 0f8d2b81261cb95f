import type { Anthropic } from '@anthropic-ai/sdk';
import type { Provider, ProviderEvent, ProviderRequest } from '../../core/ports/provider.ts';
import { failures } from '../../protocol/failure.ts';
import { readAnswer } from './anthropic/answer.ts';
import { faultOf } from './anthropic/faults.ts';
import { wireMessages, wireRequest } from './anthropic/request.ts';
import { type Line, openLine } from './line.ts';
import { fetchWith, type MessageBytes, messageBytes } from './messageBytes.ts';

/** How Anthropic is reached. */
export interface AnthropicOptions {
  /** The API key at this moment, or `null`. */
  readonly key: () => Promise<string | null>;
  /** Another address than the public one. */
  readonly baseURL?: string | undefined;
  /** How long nothing may come before a request is given up, in ms. */
  readonly silence?: number;
  /** ms since 1970. */
  readonly now?: () => number;
}

const title = 'Anthropic';
/** The first is taken where an Ability names none. */
const models = ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5', 'claude-fable-5-2'] as const;
const publicAddress = 'https://api.anthropic.com';
/** Pings do not count, and a model may think for minutes without a word. */
const longestSilence = 600_000;

/** Claude by Anthropic's Messages API, through its own SDK (https://platform.claude.com/docs/en/api/messages). */
export function createAnthropic(options: AnthropicOptions): Provider {
  const kept: Kept = { client: null, messages: messageBytes(wireMessages) };
  return {
    name: 'anthropic',
    title,
    about: 'Claude models by Anthropic, in the cloud; needs an API key.',
    needsKey: true,
    models,
    stream: (request, signal) =>
      answer({ ...options, kept }, { ...request, model: request.model || models[0] }, signal),
  };
}

/** What is kept from request to request: the client of the last key, and the bytes of each message. */
interface Kept {
  client: { readonly key: string; readonly sdk: Anthropic } | null;
  readonly messages: MessageBytes;
}

type Service = AnthropicOptions & { readonly kept: Kept };

async function* answer(
  options: Service,
  request: ProviderRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const line = openLine(signal, options.silence ?? longestSilence);
  const reading = readAnswer({ title, afterTools: request.messages.at(-1)?.role === 'tool' });
  let answering = false;
  try {
    const events = await ask(options, request, line);
    if ('kind' in events) return yield events;
    answering = true;
    for (let next = await line.wait(events.next()); !next.done; next = await line.wait(events.next())) {
      line.heard();
      const event = reading.take(next.value);
      if (event) yield event;
      if (reading.complete()) break;
    }
    const end = reading.end();
    await line.settle(events.next());
    yield end;
  } catch (error) {
    const now = (options.now ?? Date.now)();
    yield { kind: 'failed', failure: faultOf(error, { title, model: request.model, answering, now }) };
  } finally {
    line.close();
  }
}

/** Sends the request; answers its events, or why it was not sent. */
async function ask(service: Service, request: ProviderRequest, line: Line) {
  const key = (await line.wait(service.key()))?.trim();
  if (!key) return { kind: 'failed', failure: failures.noKey(title) } as const;
  if (!/^[\x21-\x7e]+$/.test(key)) return { kind: 'failed', failure: failures.auth(title) } as const;
  const client = await line.wait(clientOf(service, key));
  const sent = client
    .withOptions({ fetch: fetchWith(service.kept.messages.of(request.messages)) })
    .messages.create(wireRequest(request), { signal: line.signal })
    .withResponse();
  const { data, response } = await line.wait(sent);
  line.heard();
  const type = response.headers.get('content-type') ?? 'no type';
  if (!type.startsWith('text/event-stream')) {
    return { kind: 'failed', failure: failures.malformed(title, `${type} instead of events.`) } as const;
  }
  return data[Symbol.asyncIterator]();
}

/** The SDK is loaded with the first request, and its client kept while the key is the same. */
async function clientOf({ kept, baseURL, silence }: Service, key: string): Promise<Anthropic> {
  if (kept.client?.key === key) return kept.client.sdk;
  const sdk = new (await import('@anthropic-ai/sdk')).Anthropic({
    apiKey: key,
    authToken: null,
    baseURL: baseURL || publicAddress,
    maxRetries: 0,
    timeout: silence ?? longestSilence,
    logLevel: 'off',
  });
  kept.client = { key, sdk };
  return sdk;
}
