import assert from 'node:assert/strict';
import type { ProviderEvent, ProviderMessage } from '../../../server/core/ports/provider.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { callsOf, collect, type Stage, said, textOf, whole } from './listen.ts';
import { type Fault, faults, type Scene, type Subject } from './subject.ts';

/** What every provider does alike. */
export function providerContract(subject: Subject): void {
  describe(`provider ${subject.name}`, () => {
    answerScenes(subject);
    callScenes(subject);
    cancelScenes(subject);
    serviceScenes(subject);
    faultScenes(subject.faults);
  });
}

function answerScenes(subject: Subject): void {
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

  scene(
    'loses nothing of a long answer, and does not grow with it',
    subject.long,
    async (stage, expected) => {
      const before = process.memoryUsage().heapUsed;
      let pieces = 0;
      let most = 0;
      for await (const event of stage.provider.stream(stage.request, new AbortController().signal)) {
        if (event.kind === 'text') pieces++;
        if (pieces % 500 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
        if (event.kind === 'failed') assert.fail(event.failure.what);
      }
      assert.equal(pieces, expected);
      assert.ok(most < 100_000_000, `${most} bytes more than before`);
    },
  );

  scene('sees the images of a person', subject.image, async (stage, expected) => {
    await whole(stage);
    for (const piece of expected) assert.ok(stage.sent?.at(-1)?.includes(piece), piece);
  });

  scene('says what it used', subject.usage, async (stage, expected) => {
    assert.deepEqual((await whole(stage)).done.usage, expected);
  });

  scene(
    'keeps what was said when the answer is as long as allowed',
    subject.length,
    async (stage, expected) => {
      const { done } = await whole(stage);
      assert.deepEqual([textOf(done.parts), done.stop], [expected, 'length']);
    },
  );

  scene('takes an empty answer after a tool result as the end', subject.nothingLeft, async (stage) => {
    const call = { kind: 'call', call: 'c', tool: 'read_file', input: {} } as const;
    const messages = [...stage.request.messages, ...afterwards([call], 'text')];
    const { done } = await whole({ ...stage, request: { ...stage.request, messages } });
    assert.deepEqual([done.parts, done.stop], [[], 'end']);
  });
}

function callScenes(subject: Subject): void {
  scene(
    'sends every byte of a request again at the beginning of the next',
    subject.nothingLeft,
    async (stage) => {
      const messages = [...stage.request.messages];
      for (const round of [1, 2, 3, 4]) {
        const call = { kind: 'call', call: `call${round}`, tool: 'read_file', input: { round } } as const;
        messages.push(...afterwards([{ kind: 'text', text: 'I read it.' }, call], 'text'));
        await whole({ ...stage, request: { ...stage.request, messages: [...messages] } });
      }
      const sent = stage.sent ?? [];
      assert.equal(sent.length, 4);
      for (const [index, body] of sent.slice(0, -1).entries())
        assert.ok(sent[index + 1]?.startsWith(body.replace(/[\]}]+$/, '')), body);
    },
  );

  const asksForAll = async (stage: Stage, expected: readonly { tool: string; input: unknown }[]) => {
    const { done } = await whole(stage);
    assert.deepEqual(
      callsOf(done.parts).map(({ tool, input }) => ({ tool, input })),
      expected,
    );
    assert.equal(done.stop, 'calls');
  };
  scene('asks for several tools in one message', subject.parallelCalls, asksForAll);
  scene('tells calls apart whose pieces come mixed', subject.mixedCalls, asksForAll);

  scene('asks for a tool and goes on from its result', subject.toolRound, async (stage, expected) => {
    const first = await whole(stage);
    const [call] = callsOf(first.done.parts);
    assert.ok(call);
    assert.deepEqual([call.tool, call.input], [expected.tool, expected.input]);
    const messages = [...stage.request.messages, ...afterwards(first.done.parts, expected.output)];
    const second = await whole({ ...stage, request: { ...stage.request, messages } });
    assert.match(textOf(second.done.parts), expected.answer);
    assert.equal(second.done.stop, 'end');
  });

  scene('gives back of its thinking what its service wants', subject.thinking, async (stage, expected) => {
    const { events, done } = await whole(stage);
    const thought = events.flatMap((event) => (event.kind === 'thinking' ? [event.text] : [])).join('');
    assert.equal(thought, expected.thought);
    assert.ok(callsOf(done.parts).length > 0, 'a call comes after the thought');
    const messages = [...stage.request.messages, ...afterwards(done.parts, 'text')];
    await collect({ ...stage, request: { ...stage.request, messages } });
    const { givenBack } = expected;
    const sent = stage.sent?.[1] ?? '';
    if (givenBack === null) assert.ok(!sent.includes(thought), sent);
    else assert.ok(sent.includes(givenBack), sent);
  });
}

function cancelScenes(subject: Subject): void {
  scene('ends as cancelled when it is stopped before it begins', subject.slow, async (stage) => {
    const events = await collect(stage, AbortSignal.abort());
    assert.deepEqual(events.map(said), ['failed cancelled']);
  });

  const endsAtOnce = (kind: 'text' | 'tool') => async (stage: Stage) => {
    const stop = new AbortController();
    const events: ProviderEvent[] = [];
    for await (const event of stage.provider.stream(stage.request, stop.signal)) {
      events.push(event);
      stop.abort();
    }
    assert.deepEqual(events.map(said), [kind, 'failed cancelled']);
  };
  scene('ends as cancelled at once when it is stopped in mid-answer', subject.slow, endsAtOnce('text'));
  scene('ends as cancelled at once when it is stopped within a call', subject.slowCall, endsAtOnce('tool'));
}

function serviceScenes(subject: Subject): void {
  scene('lists its models', subject.models, async ({ provider }, expected) => {
    assert.deepEqual(await provider.listModels?.(new AbortController().signal), {
      ok: true,
      value: expected,
    });
  });

  scene('says whether its service can be reached, and sends nothing', subject.reachable, async (stage) => {
    const reached = () => stage.provider.reachable?.(new AbortController().signal);
    assert.equal(await reached(), true);
    await stage.close();
    assert.equal(await reached(), false);
    assert.equal(await stage.provider.reachable?.(AbortSignal.abort()), false);
    assert.deepEqual(stage.sent ?? [], []);
  });
}

/** What a conversation holds after a message whose calls all came to the same. */
function afterwards(parts: readonly Part[], output: string): ProviderMessage[] {
  const results = callsOf(parts).map(({ call, tool }) => ({ call, tool, output, error: false }));
  return [
    { role: 'assistant', parts },
    { role: 'tool', results },
  ];
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
      assert.doesNotMatch(JSON.stringify(last.failure), /sk-test/);
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
