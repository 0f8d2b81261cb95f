import assert from 'node:assert/strict';
import type { Provider, ProviderEvent, ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { FailureKind } from '../../../server/protocol/failure.ts';
import type { Part, StopReason, Usage } from '../../../server/protocol/provider.ts';

/** A provider with its counterpart set up for one scene. */
export interface Stage {
  readonly provider: Provider;
  readonly request: ProviderRequest;
  close(): Promise<void>;
}

/** How a provider plays a scene, or why it has none. */
export type Scene<Expected> =
  | { readonly set: () => Promise<Stage>; readonly expect: Expected }
  | { readonly deviates: string };

/** The faults that a provider may meet, and the failure that each must come out as. */
export const faults = {
  'the key is missing': 'auth',
  'the key is wrong': 'auth',
  'the key may not do this': 'denied',
  'there is no such model': 'notFound',
  'the request is not accepted': 'invalid',
  'the request is too large': 'tooLong',
  'the prompt is too long': 'tooLong',
  'the limit is reached': 'limited',
  'the service has a fault': 'overloaded',
  'the service is overloaded': 'overloaded',
  'the service is overloaded in mid-answer': 'overloaded',
  'the connection is refused': 'offline',
  'the name does not resolve': 'offline',
  'the connection is not secure': 'offline',
  'the connection is cut before the answer': 'offline',
  'nothing comes': 'offline',
  'nothing more comes': 'cut',
  'the answer is cut in its text': 'cut',
  'the answer is cut in a tool call': 'cut',
  'the answer ends without its end': 'cut',
  'an event is no JSON': 'malformed',
  'an event has another shape': 'malformed',
  'the input of a tool is no JSON': 'malformed',
  'the answer is no stream': 'malformed',
  'the answer is empty': 'malformed',
  'the answer is refused': 'refused',
  'a tool call is longer than allowed': 'tooLong',
} as const satisfies Record<string, FailureKind>;
export type Fault = keyof typeof faults;

/** One provider and how it plays every scene of the port. */
export interface Subject {
  readonly name: string;
  readonly text: Scene<string>;
  /** The answer holds the text, whatever its characters. */
  readonly unicode: Scene<string>;
  readonly parallelCalls: Scene<readonly { tool: string; input: unknown }[]>;
  /** A call, and with its result as the last message, an answer. */
  readonly toolRound: Scene<{ tool: string; input: unknown; output: string; answer: RegExp }>;
  readonly usage: Scene<Usage>;
  /** An answer in several pieces, whose end is never waited for. */
  readonly slow: Scene<null>;
  readonly faults: Readonly<Record<Fault, Scene<null>>> | { readonly deviates: string };
}

/** What every provider does alike. */
export function providerContract(subject: Subject): void {
  describe(`provider ${subject.name}`, function () {
    this.timeout(20_000);
    scene('streams text in pieces that make up the answer', subject.text, async (stage, expected) => {
      const { done } = await whole(stage);
      assert.equal(textOf(done.parts), expected);
      assert.equal(done.stop, 'end');
    });

    scene('keeps every character whole', subject.unicode, async (stage, expected) => {
      const { events, done } = await whole(stage);
      assert.ok(textOf(done.parts).includes(expected), textOf(done.parts));
      assert.ok(events.every((event) => event.kind !== 'text' || event.text.isWellFormed()));
    });

    scene('asks for several tools in one message', subject.parallelCalls, async (stage, expected) => {
      const { done } = await whole(stage);
      assert.deepEqual(
        calls(done.parts).map(({ tool, input }) => ({ tool, input })),
        expected,
      );
      assert.equal(done.stop, 'calls');
    });

    scene('asks for a tool and goes on from its result', subject.toolRound, async (stage, expected) => {
      const first = await whole(stage);
      const [call] = calls(first.done.parts);
      assert.ok(call);
      assert.deepEqual([call.tool, call.input], [expected.tool, expected.input]);
      const { output } = expected;
      const results = [{ call: call.call, tool: call.tool, output, error: false }];
      const messages = [
        ...stage.request.messages,
        { role: 'assistant', parts: first.done.parts } as const,
        { role: 'tool', results } as const,
      ];
      const second = await whole({ ...stage, request: { ...stage.request, messages } });
      assert.match(textOf(second.done.parts), expected.answer);
      assert.equal(second.done.stop, 'end');
    });

    scene('says what it used', subject.usage, async (stage, expected) => {
      assert.deepEqual((await whole(stage)).done.usage, expected);
    });

    scene('ends as cancelled when it is stopped before it begins', subject.slow, async (stage) => {
      const events = await collect(stage, AbortSignal.abort());
      assert.deepEqual(events.map(said), ['failed cancelled']);
    });

    scene('ends as cancelled at once when it is stopped in mid-answer', subject.slow, async (stage) => {
      const stop = new AbortController();
      const events: ProviderEvent[] = [];
      for await (const event of stage.provider.stream(stage.request, stop.signal)) {
        events.push(event);
        stop.abort();
      }
      assert.equal(events.length, 2, events.map(said).join(', '));
      assert.deepEqual([events[0]?.kind, events[1] && said(events[1])], ['text', 'failed cancelled']);
    });

    faultScenes(subject.faults);
  });
}

function faultScenes(scenes: Subject['faults']): void {
  if ('deviates' in scenes) {
    scene('says every fault of its service by its kind', scenes, never);
    return;
  }
  for (const [fault, kind] of Object.entries(faults)) {
    scene(`says "${kind}" when ${fault}`, scenes[fault as Fault], async (stage) => {
      const last = (await collect(stage)).at(-1);
      assert.ok(last?.kind === 'failed', last && said(last));
      assert.equal(last.failure.kind, kind, last.failure.what);
      assert.match(last.failure.what, /^[A-Z].*[.]$/s);
      assert.match(last.failure.mend, /^[A-Z].*[.]$/s);
    });
  }
}

async function never(): Promise<void> {
  assert.fail('a deviation has no scene');
}

function scene<E>(title: string, one: Scene<E>, check: (stage: Stage, expected: E) => Promise<void>): void {
  if ('deviates' in one) {
    it(`${title}: not so, for ${one.deviates}`, () => assert.ok(one.deviates));
    return;
  }
  it(title, async () => {
    const stage = await one.set();
    try {
      await check(stage, one.expect);
    } finally {
      await stage.close();
    }
  });
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
      calls(end.parts).map((call) => call.tool),
      'each call was announced',
    );
    assert.equal(new Set(calls(end.parts).map((call) => call.call)).size, tools.length, 'ids are unique');
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

export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
}

function calls(parts: readonly Part[]) {
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
