import assert from 'node:assert/strict';
import type { Provider, ProviderEvent, ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { Part, StopReason, Usage } from '../../../server/protocol/provider.ts';

/** A provider with its counterpart set up for one scene. */
export interface Stage {
  readonly provider: Provider;
  readonly request: ProviderRequest;
  /** What was sent, as text, where the counterpart keeps it. */
  readonly sent?: readonly string[];
  close(): Promise<void>;
}

/** Every event of one answer, checked against what holds for all of them. */
export async function collect(
  { provider, request }: Pick<Stage, 'provider' | 'request'>,
  signal = new AbortController().signal,
): Promise<ProviderEvent[]> {
  const events: ProviderEvent[] = [];
  for await (const event of provider.stream(request, signal)) events.push(event);
  const ends = events.filter((event) => event.kind === 'done' || event.kind === 'failed');
  assert.equal(ends.length, 1, 'one end');
  assert.equal(events.at(-1), ends[0], 'nothing after the end');
  const end = ends[0];
  if (end?.kind === 'done') {
    const streamed = (kind: 'text' | 'thinking') =>
      events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join('');
    assert.equal(streamed('text'), textOf(end.parts), 'the pieces are the text');
    const tools = events.flatMap((event) => (event.kind === 'tool' ? [event.tool] : []));
    assert.deepEqual(
      tools,
      callsOf(end.parts).map((call) => call.tool),
      'each call was announced',
    );
    assert.equal(new Set(callsOf(end.parts).map((call) => call.call)).size, tools.length, 'ids are unique');
  }
  return events;
}

/** An answer that must succeed. */
export async function whole(stage: Pick<Stage, 'provider' | 'request'>): Promise<{
  events: ProviderEvent[];
  done: { parts: readonly Part[]; stop: StopReason; usage: Usage | null };
}> {
  const events = await collect(stage);
  const done = events.at(-1);
  assert.ok(done?.kind === 'done', done && said(done));
  return { events, done };
}

/** One event in a few words. */
export function said(event: ProviderEvent): string {
  return event.kind === 'failed' ? `failed ${event.failure.kind}` : event.kind;
}

/** The text of a message. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
}

/** The calls of a message. */
export function callsOf(parts: readonly Part[]) {
  return parts.flatMap((part) => (part.kind === 'call' ? [part] : []));
}

/** A request with one question of a person. */
export function question(text: string, more: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: '',
    system: 'You are a test.',
    tools: [],
    messages: [{ role: 'user', text }],
    maxTokens: 1024,
    deliverable: 'document',
    ...more,
  };
}
