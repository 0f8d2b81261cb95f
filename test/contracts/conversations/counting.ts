import * as z from 'zod';
import type { Provider, ProviderEvent, ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { type Failure, failures, good } from '../../../server/protocol/failure.ts';
import type { Part, ProviderKind, Usage } from '../../../server/protocol/provider.ts';

/** What a model says in one round of a job: `look` calls that give results of these lengths, other calls, and words. */
export interface Round {
  readonly looks: readonly number[];
  readonly calls?: readonly (readonly [tool: string, input: Record<string, unknown>])[];
  readonly words: number;
}

/** A request as its provider saw it. */
export interface Seen {
  readonly request: ProviderRequest;
  readonly tokens: number;
  /** Whether it was for a summary. */
  readonly summary: boolean;
}

/** A model with a small context that counts its tokens and refuses what is too long. */
export interface CountingOptions {
  /** Bytes of a request that it counts as one token. */
  readonly bytesPerToken: number;
  readonly context: number;
  readonly rounds: readonly Round[];
  /** The kind of provider whose facts hold for it; else that of a local one. */
  readonly kind?: ProviderKind;
  /** How many of them were played before. */
  readonly played?: number;
  /** What it answers to the question for a summary, or why it does not. */
  summary?(): string | Failure;
}

/** The end of every job. */
export const farewell = 'All is done.';

/** A provider in the place of a local one that plays the rounds, one for each answer of the job. */
export function counting(options: CountingOptions): { provider: Provider; seen: Seen[] } {
  const { bytesPerToken, context, rounds, summary } = options;
  const seen: Seen[] = [];
  let played = options.played ?? 0;
  const answerTo = (request: ProviderRequest, tokens: number): ProviderEvent => {
    const isSummary = asksForSummary(request);
    seen.push({ request, tokens, summary: isSummary });
    if (tokens + request.maxTokens > context) return { kind: 'failed', failure: failures.tooLong('Small') };
    const usage = { input: tokens, output: 10, cacheRead: 0, cacheWrite: 0 };
    if (!isSummary) return spoken(rounds[played], played++, usage);
    const text = summary?.() ?? 'It looked around.';
    if (typeof text !== 'string') return { kind: 'failed', failure: text };
    return { kind: 'done', parts: [{ kind: 'text', text }], stop: 'end', usage };
  };
  const provider: Provider = {
    name: 'offline',
    kind: options.kind ?? 'ollama',
    local: true,
    title: 'Small',
    about: 'Counts its tokens.',
    needsKey: false,
    models: [''],
    async *stream(request): AsyncGenerator<ProviderEvent> {
      const bytes = Buffer.byteLength(JSON.stringify([request.system, request.tools, request.messages]));
      yield answerTo(request, Math.ceil(bytes / bytesPerToken));
    },
  };
  return { provider, seen };
}

/** Gives a text of a length, and changes nothing. */
export const look: Tool<{ length: number; at: string }> = {
  name: 'look',
  description: 'Looks.',
  input: z.strictObject({ length: z.int(), at: z.string() }),
  repeatable: true,
  plan: async () => good({ title: 'Look', effects: [], exactly: 'look', preview: null }),
  run: async ({ length }) => good({ output: textOf(length) }),
};

/** Lines of words that name where they stand. */
export function textOf(length: number): string {
  const lines: string[] = [];
  for (let size = 0; size < length; size += lines.at(-1)?.length ?? 1)
    lines.push(`line ${lines.length + 1} of it\n`);
  return lines.join('').slice(0, length);
}

function asksForSummary({ messages }: ProviderRequest): boolean {
  const last = messages.at(-1);
  return last?.role === 'user' && last.text.includes('Write it now, for whoever goes on');
}

function spoken(round: Round | undefined, number: number, usage: Usage): ProviderEvent {
  if (!round) return { kind: 'done', parts: [{ kind: 'text', text: farewell }], stop: 'end', usage };
  const parts: Part[] = [
    { kind: 'text', text: textOf(round.words) },
    ...round.looks.map((length, index): Part => {
      const at = `${number}-${index}`;
      return { kind: 'call', call: `look-${at}`, tool: 'look', input: { length, at } };
    }),
    ...(round.calls ?? []).map(([tool, input], index): Part => {
      return { kind: 'call', call: `${tool}-${number}-${index}`, tool, input };
    }),
  ];
  return { kind: 'done', parts, stop: 'calls', usage };
}
