import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { keySaidBack, mockFaults, mockScenes, wireFaults } from './commonScenes.ts';
import { responseEvents as r } from './responseEvents.ts';
import { pixel, shown, staging, unicode } from './staging.ts';
import type { Subject } from './subject.ts';
import { byteByByte, flood, refuse, stall, stream, whole } from './wire.ts';

const stages = staging(createOpenAi, '/v1');
const { wired } = stages;

const hello = stream(r.start(), ...r.text(0, 'Hello.'), r.end());
const half = r.call(0, 'call_1', 'read_file', '{"path": "a');
const invalid = 'invalid_request_error';

const faults: Subject['faults'] = {
  ...wireFaults(stages),
  ...mockFaults(stages),
  'the key is wrong': wired(null, refuse(401, invalid, 'Incorrect API key provided: sk-test.')),
  'the key may not do this': wired(null, refuse(403, invalid, 'You have no access to this model.')),
  'there is no credit left': wired(
    null,
    refuse(429, 'insufficient_quota', 'You exceeded your current quota.'),
  ),
  'the service says the key back': wired(null, keySaidBack(invalid)),
  'there is no such model': wired(
    null,
    refuse(404, invalid, 'The model "nope" does not exist or you do not have access to it.'),
  ),
  'the request is not accepted': wired(null, refuse(400, invalid, 'Invalid schema for function.')),
  'the request is too large': wired(null, refuse(413, invalid, 'Request too large.')),
  'the prompt is too long': wired(
    null,
    refuse(400, invalid, 'Your input exceeds the context window of this model.'),
  ),
  'the service is overloaded in mid-answer': wired(
    null,
    stream(r.start(), ...r.text(0, 'He'), {
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: 'The model is overloaded.' } },
    }),
  ),
  'nothing more comes': wired(null, stall(r.start(), ...r.text(0, 'He').slice(0, 1)), { silence: 700 }),
  'the answer ends without its end': wired(null, stream(r.start(), ...r.text(0, 'Hello.'))),
  'an event is no JSON': wired(
    null,
    stream(r.start(), 'event: response.output_text.delta\ndata: {"type":"resp\n\n', r.end()),
  ),
  'an event has another shape': wired(null, stream(r.start(), r.delta(3, 'output_text', 'He'), r.end())),
  'the input of a tool is no JSON': wired(null, stream(r.start(), ...half, r.end())),
  'the answer is empty': wired(null, stream(r.start(), r.end())),
  'the answer is refused': wired(
    null,
    stream(r.start(), ...r.text(0), r.delta(0, 'refusal', 'I cannot help with that.'), r.end()),
  ),
  'a tool call is longer than allowed': wired(
    null,
    stream(r.start(), ...half, r.incomplete('max_output_tokens')),
  ),
};

/** OpenAI's Responses against aimock, and against bytes on the wire where aimock has none. */
export const openai: Subject = {
  name: 'openai',
  ...mockScenes(stages),
  unicode: wired(unicode, byteByByte(r.start(), ...r.text(0, unicode), r.end())),
  thinking: wired(
    {
      thought: 'First read the file.',
      givenBack: '"id":"rs_1","summary":[{"type":"summary_text","text":"First read the file."}]',
    },
    [
      stream(
        r.start(),
        ...r.thought(0, 'rs_1', 'gAAAAABo', 'First read ', 'the file.'),
        ...r.call(1, 'call_1', 'read_file', '{"path":"a.md"}'),
        r.end(),
      ),
      hello,
    ],
  ),
  mixedCalls: wired(
    ['a.md', 'b.md'].map((path) => ({ tool: 'read_file', input: { path } })),
    stream(
      r.start(),
      ...r.call(0, 'call_1', 'read_file').slice(0, 1),
      ...r.call(1, 'call_2', 'read_file').slice(0, 1),
      r.delta(1, 'function_call_arguments', '{"path":'),
      r.delta(0, 'function_call_arguments', '{"path":"a'),
      r.delta(1, 'function_call_arguments', '"b.md"}'),
      r.delta(0, 'function_call_arguments', '.md"}'),
      r.end(),
    ),
  ),
  image: wired([`data:image/png;base64,${pixel}`, '"type":"input_image"'], hello, { request: shown }),
  usage: wired(
    { input: 12, output: 34, cacheRead: 5600, cacheWrite: 700 },
    stream(
      r.start(),
      ...r.text(0, 'Hello.'),
      r.end({
        input_tokens: 6312,
        input_tokens_details: { cached_tokens: 5600, cache_write_tokens: 700 },
        output_tokens: 34,
        output_tokens_details: { reasoning_tokens: 20 },
      }),
    ),
  ),
  length: wired('Half a', stream(r.start(), ...r.text(0, 'Half a'), r.incomplete('max_output_tokens'))),
  nothingLeft: wired(null, stream(r.start(), r.end())),
  long: wired(
    10_000,
    flood(10_000, [r.start(), ...r.text(0).slice(0, 1)], r.delta(0, 'output_text', 'Piece. '), [r.end()]),
  ),
  slow: wired(null, stall(r.start(), ...r.text(0, 'He').slice(0, 2))),
  slowCall: wired(null, stall(r.start(), ...half.slice(0, 2))),
  models: wired(
    [{ id: 'gpt-6.1-sol' }, { id: 'gpt-5.4-mini' }],
    whole({
      object: 'list',
      data: [
        { id: 'gpt-5.4-mini', object: 'model', created: 1, owned_by: 'openai' },
        { id: 'gpt-6.1-sol', object: 'model', created: 3, owned_by: 'openai' },
        { id: 'text-embedding-3-large', object: 'model', created: 2, owned_by: 'openai' },
        { id: 'gpt-realtime', object: 'model', created: 4, owned_by: 'openai' },
      ],
    }),
  ),
  reachable: wired(null, hello),
  faults,
};
