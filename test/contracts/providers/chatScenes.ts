import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGroq } from '../../../server/adapters/providers/groq.ts';
import { createMistral } from '../../../server/adapters/providers/mistral.ts';
import { chatEvents as c } from './chatEvents.ts';
import { keySaidBack, mockFaults, mockScenes, wireFaults } from './commonScenes.ts';
import { pixel, type Staging, shown, staging, unicode } from './staging.ts';
import type { Subject } from './subject.ts';
import { byteByByte, flood, refuse, stall, stream, whole } from './wire.ts';

const hello = stream(...c.text('Hello.'), ...c.end('stop'));
const half = c.call(0, 'call_1', 'read_file', '{"path": "a');
const invalid = 'invalid_request_error';

const faults = (stages: Staging): Exclude<Subject['faults'], { readonly deviates: string }> => {
  const { wired } = stages;
  return {
    ...wireFaults(stages),
    ...mockFaults(stages),
    'the key is wrong': wired(null, refuse(401, invalid, 'Incorrect API key provided: sk-test.')),
    'the key may not do this': wired(null, refuse(403, invalid, 'You have no access to this model.')),
    'there is no credit left': wired(null, refuse(402, 'insufficient_balance', 'Insufficient Balance')),
    'the service says the key back': wired(null, keySaidBack(invalid)),
    'there is no such model': wired(null, refuse(404, invalid, 'The model "nope" does not exist.')),
    'the request is not accepted': wired(null, refuse(400, invalid, 'Invalid schema for function.')),
    'the request is too large': wired(null, refuse(413, 'tokens', 'Request too large for this model.')),
    'the prompt is too long': wired(
      null,
      refuse(400, invalid, 'This model has a maximum context length of 8192 tokens.'),
    ),
    'the service is overloaded in mid-answer': wired(
      null,
      stream(...c.text('He'), { error: { code: 502, message: 'Provider returned an error' } }),
    ),
    'nothing more comes': wired(null, stall(...c.text('He')), { silence: 700 }),
    'the answer ends without its end': wired(null, stream(...c.text('Hello.'))),
    'an event is no JSON': wired(null, stream('data: {"choices":[{"del\n\n', ...c.end('stop'))),
    'an event has another shape': wired(null, stream({ choices: 'none' }, ...c.end('stop'))),
    'the input of a tool is no JSON': wired(null, stream(...half, ...c.end('tool_calls'))),
    'the answer is empty': wired(null, stream(c.piece({ role: 'assistant' }), ...c.end('stop'))),
    'the answer is refused': wired(null, stream(...c.text('I'), ...c.end('content_filter'))),
    'a tool call is longer than allowed': wired(null, stream(...half, ...c.end('length'))),
  };
};

/** A service with Chat Completions against aimock, and against bytes on the wire where aimock has none. */
const subject = (
  name: string,
  stages: Staging,
  own: Pick<Subject, 'thinking' | 'usage' | 'models'> & { readonly faults?: object },
): Subject => {
  const { wired } = stages;
  return {
    name,
    ...mockScenes(stages),
    unicode: wired(unicode, byteByByte(...c.text(unicode), ...c.end('stop'))),
    mixedCalls: wired(
      ['a.md', 'b.md', 'c.md'].map((path) => ({ tool: 'read_file', input: { path } })),
      stream(
        ...c.call(0, 'call_1', 'read_file', '{"path":"a'),
        c.callPiece(
          { index: 1, id: 'call_2', function: { name: 'read_file', arguments: '{"path":' } },
          { index: 0, function: { arguments: '.md"}' } },
        ),
        c.callPiece({ index: 1, id: 'call_2', function: { arguments: '"b.md"}' } }),
        c.callPiece({ id: 'call_3', function: { name: 'read_file', arguments: '{"path":"c.md"}' } }),
        ...c.end('tool_calls'),
      ),
    ),
    image: wired([`data:image/png;base64,${pixel}`, '"type":"image_url"'], hello, { request: shown }),
    length: wired('Half a', stream(...c.text('Half a'), ...c.end('length'))),
    nothingLeft: wired(null, stream(...c.end('stop'))),
    long: wired(10_000, flood(10_000, [], c.piece({ content: 'Piece. ' }), c.end('stop'))),
    slow: wired(null, stall(...c.text('He'))),
    slowCall: wired(null, stall(...half)),
    reachable: wired(null, hello),
    ...own,
    faults: { ...faults(stages), ...own.faults },
  };
};

const call = c.call(0, 'call_1', 'read_file', '{"path":"a.md"}');
const plainUsage = {
  prompt_tokens: 5612,
  completion_tokens: 34,
  prompt_tokens_details: { cached_tokens: 5600 },
};
const counted = { input: 12, output: 34, cacheRead: 5600, cacheWrite: 0 };

const atMistral = staging(createMistral, '/v1');

/** Mistral, whose thinking comes as pieces of the content. */
export const mistral = subject('mistral', atMistral, {
  thinking: atMistral.wired(
    {
      thought: 'First read the file.',
      givenBack: '"content":[{"type":"thinking","thinking":[{"type":"text","text":"First read the file."}]}]',
    },
    [
      stream(
        ...['First read ', 'the file.'].map((text) =>
          c.piece({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
        ),
        ...call,
        ...c.end('tool_calls'),
      ),
      hello,
    ],
  ),
  usage: atMistral.wired(
    counted,
    stream(...c.text('Hello.'), { ...c.piece({}, 'stop'), usage: plainUsage }, c.done),
  ),
  models: atMistral.wired(
    [{ id: 'mistral-medium-latest', context: 262_144 }],
    whole({
      object: 'list',
      data: [
        {
          id: 'mistral-medium-latest',
          created: 2,
          capabilities: { completion_chat: true, function_calling: true },
          max_context_length: 262_144,
        },
        { id: 'mistral-embed', created: 3, capabilities: { completion_chat: false } },
      ],
    }),
  ),
  faults: {
    'there is no such model': atMistral.wired(null, (response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          object: 'error',
          message: 'Invalid model: nope',
          type: 'invalid_model',
          code: '1500',
        }),
      );
    }),
  },
});

const atGroq = staging(createGroq, '/openai/v1');

/** Groq, which wants no thinking back. */
export const groq = subject('groq', atGroq, {
  thinking: atGroq.wired({ thought: 'First read the file.', givenBack: null }, [
    stream(
      c.piece({ reasoning: 'First read ' }),
      c.piece({ reasoning: 'the file.' }),
      ...call,
      ...c.end('tool_calls'),
    ),
    hello,
  ]),
  usage: atGroq.wired(
    counted,
    stream(...c.text('Hello.'), { ...c.piece({}, 'stop'), x_groq: { usage: plainUsage } }, c.done),
  ),
  models: atGroq.wired(
    [{ id: 'openai/gpt-oss-120b', context: 131_072, output: 65_536 }],
    whole({
      object: 'list',
      data: [
        {
          id: 'openai/gpt-oss-120b',
          created: 2,
          active: true,
          context_window: 131_072,
          max_completion_tokens: 65_536,
        },
        { id: 'whisper-large-v3', created: 3, active: true, context_window: 448 },
      ],
    }),
  ),
});

const atAddress = staging((options) => createCompatible({ title: 'My service', ...options }), '/v1');

/** A service of the person's own, which needs no key and gets its thinking back as it came. */
export const compatible = subject('compatible', atAddress, {
  thinking: atAddress.wired(
    { thought: 'First read the file.', givenBack: '"reasoning_content":"First read the file."' },
    [
      stream(
        c.piece({ reasoning_content: 'First read ', reasoning: 'First read ' }),
        c.piece({ reasoning_content: 'the file.', reasoning: 'the file.' }),
        ...call,
        ...c.end('tool_calls'),
      ),
      hello,
    ],
  ),
  usage: atAddress.wired(counted, stream(...c.text('Hello.'), ...c.end('stop', plainUsage))),
  models: atAddress.wired(
    [{ id: 'some/model', title: 'Some Model', context: 65_536, output: 8192 }],
    whole({
      data: [
        {
          id: 'some/model',
          name: 'Some Model',
          context_length: 65_536,
          top_provider: { max_completion_tokens: 8192 },
        },
      ],
    }),
  ),
  faults: { 'the key is missing': { deviates: 'a service of the person may need none' } },
});
