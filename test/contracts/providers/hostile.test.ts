import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { Failure } from '../../../server/protocol/failure.ts';
import { Usage } from '../../../server/protocol/provider.ts';
import { anthropicEvents as a } from './anthropicEvents.ts';
import { chatEvents as c } from './chatEvents.ts';
import { collect, question, whole as wholeAnswer } from './listen.ts';
import { begin, type Reply, refuse, startWire, stream, type Wire, whole } from './wire.ts';

/** Writes the same bytes again and again until so many were sent or nobody reads any more; answers how many. */
async function pour(response: ServerResponse, bytes: Buffer, most: number): Promise<number> {
  let sent = 0;
  while (sent < most && !response.destroyed) {
    sent += bytes.length;
    if (response.write(bytes)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        response.off('drain', go).off('close', go);
        resolve();
      };
      response.on('drain', go).on('close', go);
    });
  }
  response.end();
  return sent;
}

const endless = 400_000_000;
const block = (text: string) => Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
const key = 'sk-test-0123456789';
const makers = [createCompatible, createAnthropic, createGoogle, createOpenAi] as const;

describe('a service that means harm', () => {
  const open: Wire[] = [];
  const start = async (make: typeof createCompatible, ...replies: [Reply, ...Reply[]]) => {
    const wire = await startWire(...replies);
    open.push(wire);
    return make({ key: async () => key, baseURL: wire.url, model: 'some-model', silence: 20_000 });
  };
  const failureOf = async (make: typeof createCompatible, reply: Reply) => {
    const end = (await collect({ provider: await start(make, reply), request: question('hello') })).at(-1);
    assert.ok(end?.kind === 'failed', 'it was taken for an answer');
    assert.deepEqual(Failure.parse(end.failure), end.failure);
    return end.failure;
  };
  afterEach(() => Promise.all(open.splice(0).map((wire) => wire.close())));

  const floods: readonly [what: string, begins: string, goesOn: string][] = [
    ['a line', 'data: ', 'a'],
    ['an event', '', 'data: a\n'],
    ['a text', '', `data: ${JSON.stringify(c.piece({ content: 'a'.repeat(8_000) }))}\n\n`],
    ['a thought', '', `data: ${JSON.stringify(c.piece({ reasoning: 'a'.repeat(8_000) }))}\n\n`],
    ['an input', '', `data: ${JSON.stringify(c.call(0, 'x', 'read_file', 'a'.repeat(8_000))[1])}\n\n`],
    ['a stream of nothing', '', ': nothing\n\n'],
  ];
  for (const [what, begins, goesOn] of floods) {
    it(`is not listened to for ever: ${what} that does not end`, async () => {
      const sent = Promise.withResolvers<number>();
      const failure = await failureOf(createCompatible, async (response) => {
        begin(response).write(`data: ${JSON.stringify(c.call(0, 'x', 'read_file')[0])}\n\n${begins}`);
        sent.resolve(pour(response, block(goesOn), endless));
      });
      assert.equal(failure.kind, 'malformed', failure.what);
      assert.ok((await sent.promise) < endless, 'all of it was read');
    });
  }

  it('is not listened to for ever in an error, which is told all the same', async () => {
    const sent = Promise.withResolvers<number>();
    const failure = await failureOf(createCompatible, (response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      sent.resolve(pour(response, block('a'), endless));
    });
    assert.equal(failure.kind, 'auth');
    assert.ok((await sent.promise) < endless, 'all of it was read');
  });

  it('cannot fill the memory with what was packed small', async () => {
    const packed = gzipSync(`data: ${' '.repeat(20_000_000)}\n\n`);
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const failure = await failureOf(createCompatible, (response) => {
      response.writeHead(200, headers).end(packed);
    });
    assert.equal(failure.kind, 'malformed');
  });

  it('gets no list of models read that does not end', async () => {
    const sent = Promise.withResolvers<number>();
    const provider = await start(createCompatible, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[');
      sent.resolve(pour(response, block('{"id":"a-model"},'), endless));
    });
    const listed = await provider.listModels?.(new AbortController().signal);
    assert.ok(listed && !listed.ok && listed.failure.kind === 'malformed');
    assert.ok((await sent.promise) < endless, 'all of it was read');
  });

  it('offers no more models than a person can choose from, and none that nothing can name', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ id: `model-${at}` }));
    const data = [{ id: '' }, { id: 'x'.repeat(1_000) }, ...many];
    const provider = await start(createCompatible, whole({ data }));
    const listed = await provider.listModels?.(new AbortController().signal);
    assert.ok(listed?.ok);
    assert.deepEqual([listed.value.length, listed.value[0]?.id], [5_000, 'model-0']);
  });

  it('is asked at the path of its models, whatever a model is called', async () => {
    const paths: string[] = [];
    const provider = await start(createGoogle, (response, { url = '' }) => {
      paths.push(url);
      begin(response).end();
    });
    for (const model of ['../../v1/else', 'a/../../else', 'x?y/z', 'tunedModels/mine']) {
      await collect({ provider, request: question('hello', { model }) });
    }
    assert.deepEqual(
      paths.map((path) => path.replace(':streamGenerateContent?alt=sse', '')),
      [
        '/v1beta/models/..%2F..%2Fv1%2Felse',
        '/v1beta/a/..%2F..%2Felse',
        '/v1beta/models/x%3Fy%2Fz',
        '/v1beta/tunedModels/mine',
      ],
    );
  });

  it('has no more tool calls done than anyone could follow', async () => {
    const calls = Array.from({ length: 3_000 }, (_, at) => ({
      id: `c${at}`,
      function: { name: 'read_file' },
    }));
    const failure = await failureOf(createCompatible, stream(c.callPiece(...calls), ...c.end('tool_calls')));
    assert.equal(failure.kind, 'malformed');
  });

  it('names an error as it likes without doing harm by it', async () => {
    for (const make of makers) {
      for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
        assert.equal((await failureOf(make, refuse(400, name, 'no'))).kind, 'invalid', name);
        const within = { type: 'error', error: { type: name, code: name, message: 'no' } };
        await failureOf(make, stream(within));
      }
    }
  });

  it('names the end of an answer as it likes without doing harm by it', async () => {
    const text = { content: { parts: [{ text: 'Hello.' }] } };
    const google = await start(
      createGoogle,
      stream({ candidates: [{ ...text, finishReason: 'constructor' }] }),
    );
    const anthropic = await start(
      createAnthropic,
      stream(a.start(), ...a.text(0, 'Hello.'), ...a.end('toString')),
    );
    for (const provider of [google, anthropic]) {
      assert.equal((await wholeAnswer({ provider, request: question('hello') })).done.stop, 'end');
    }
  });

  it('cannot count its tokens so that a budget grows', async () => {
    const anthropic = stream(
      a.start({ input_tokens: -5_000_000, output_tokens: 'many' }),
      ...a.text(0, 'Hello.'),
      ...a.end('end_turn', { output_tokens: -1.5 }),
    );
    const counted = { promptTokenCount: -5_000_000, candidatesTokenCount: -1.5, thoughtsTokenCount: 'many' };
    const google = stream({
      candidates: [{ content: { parts: [{ text: 'Hello.' }] }, finishReason: 'STOP' }],
      usageMetadata: counted,
    });
    const line = { message: { content: 'Hello.' }, done: true, prompt_eval_count: -5e6, eval_count: 'many' };
    const ollama: Reply = (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(`${JSON.stringify(line)}\n`);
    };
    const providers = [
      await start(createAnthropic, anthropic),
      await start(createGoogle, google),
      await start(createOllama, whole({}), ollama),
    ];
    for (const provider of providers) {
      const { usage } = (await wholeAnswer({ provider, request: question('hello') })).done;
      assert.deepEqual(Usage.parse(usage), { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
    }
    const endlessly = stream(...c.text('Hello.'), ...c.end('stop', { prompt_tokens: 9e15 }));
    assert.equal((await failureOf(createCompatible, endlessly)).kind, 'malformed');
  });

  it('cannot name a limit that ends at no time', async () => {
    for (const after of ['1e300', 'Infinity', '99999999999999999']) {
      const failure = await failureOf(createCompatible, refuse(429, 'x', 'no', { 'retry-after': after }));
      assert.equal(failure.until, undefined, after);
    }
  });

  it('has nothing kept that is not an answer', async () => {
    const call = (functionCall: object) =>
      stream({ candidates: [{ content: { parts: [{ functionCall }] }, finishReason: 'STOP' }] });
    assert.equal((await failureOf(createGoogle, call({ name: { a: 1 } }))).kind, 'malformed');
    assert.equal((await failureOf(createGoogle, call({ name: 'read_file', id: 7 }))).kind, 'malformed');
  });

  it('says no part of the key back, wherever its words are cut', async () => {
    for (let before = 280; before < 300; before += 3) {
      const words = `${'x'.repeat(before)}${key} and more`;
      const replies = [refuse(400, 'x', words), stream({ type: 'error', error: { message: words } })];
      for (const reply of replies) {
        const { what, mend } = await failureOf(createCompatible, reply);
        assert.doesNotMatch(what + mend, /sk-t/);
      }
      const denied = refuse(400, 'x', `billing ${words.slice(8)}`);
      assert.doesNotMatch((await failureOf(createGoogle, denied)).what, /sk-t/);
    }
  });

  it('gives the input of a call no other nature', async () => {
    const json = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
    const provider = await start(
      createCompatible,
      stream(...c.call(0, 'call_1', 'read_file', json), ...c.end('tool_calls')),
    );
    const { parts } = (await wholeAnswer({ provider, request: question('hello') })).done;
    assert.equal(({} as { admin?: boolean }).admin, undefined);
    assert.equal(JSON.stringify(parts[0]?.kind === 'call' && parts[0].input), json);
  });
});
