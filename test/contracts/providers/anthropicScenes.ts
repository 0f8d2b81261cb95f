import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { anthropicEvents as a } from './anthropicEvents.ts';
import { keySaidBack, mockFaults, mockScenes, wireFaults } from './commonScenes.ts';
import { pixel, shown, staging, unicode } from './staging.ts';
import type { Subject } from './subject.ts';
import { byteByByte, flood, refuse, stall, stream, whole } from './wire.ts';

const stages = staging(createAnthropic);
const { wired } = stages;

const hello = stream(a.start(), ...a.text(0, 'Hello.'), ...a.end('end_turn'));
const half = a.call(0, 'toolu_1', 'read_file', '{"path": "a');

const faults: Subject['faults'] = {
  ...wireFaults(stages),
  ...mockFaults(stages),
  'the key is wrong': wired(null, refuse(401, 'authentication_error', 'invalid x-api-key')),
  'the key may not do this': wired(null, refuse(403, 'permission_error', 'Not allowed.')),
  'there is no credit left': wired(null, refuse(402, 'billing_error', 'Your credit balance is too low.')),
  'the service says the key back': wired(null, keySaidBack('invalid_request_error')),
  'there is no such model': wired(null, refuse(404, 'not_found_error', 'model: nope')),
  'the request is not accepted': wired(null, refuse(400, 'invalid_request_error', 'tools.0: bad')),
  'the request is too large': wired(
    null,
    refuse(413, 'request_too_large', 'Request exceeds the maximum size'),
  ),
  'the prompt is too long': wired(
    null,
    refuse(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  ),
  'the service is overloaded in mid-answer': wired(
    null,
    stream(a.start(), ...a.text(0, 'He'), {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
    }),
  ),
  'nothing more comes': wired(null, stall(a.start(), ...a.text(0, 'He').slice(0, 1)), { silence: 700 }),
  'the answer ends without its end': wired(null, stream(a.start(), ...a.text(0, 'Hello.'))),
  'an event is no JSON': wired(
    null,
    stream(a.start(), 'event: content_block_delta\ndata: {"type":"content_bl\n\n', ...a.end('end_turn')),
  ),
  'an event has another shape': wired(
    null,
    stream(a.start(), { type: 'content_block_delta', index: 3 }, ...a.end('end_turn')),
  ),
  'the input of a tool is no JSON': wired(null, stream(a.start(), ...half, ...a.end('tool_use'))),
  'the answer is empty': wired(null, stream(a.start(), ...a.end('end_turn'))),
  'the answer is refused': wired(null, stream(a.start(), ...a.text(0, 'I'), ...a.end('refusal'))),
  'a tool call is longer than allowed': wired(null, stream(a.start(), ...half, ...a.end('max_tokens'))),
};

/** Anthropic against aimock, and against bytes on the wire where aimock has none. */
export const anthropic: Subject = {
  name: 'anthropic',
  ...mockScenes(stages),
  unicode: wired(unicode, byteByByte(a.start(), ...a.text(0, unicode), ...a.end('end_turn'))),
  thinking: wired({ thought: 'First read the file.', givenBack: '"signature":"EqQBCgIYAhIM"' }, [
    stream(
      a.start(),
      ...a.thoughts(0, 'EqQBCgIYAhIM', 'First read ', 'the file.'),
      ...a.call(1, 'toolu_1', 'read_file', '{"path":"a.md"}'),
      ...a.end('tool_use'),
    ),
    hello,
  ]),
  mixedCalls: wired(
    ['a.md', 'b.md'].map((path) => ({ tool: 'read_file', input: { path } })),
    stream(
      a.start(),
      a.open(0, { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: {} }),
      a.open(1, { type: 'tool_use', id: 'toolu_2', name: 'read_file', input: {} }),
      a.delta(1, { type: 'input_json_delta', partial_json: '{"path":' }),
      a.delta(0, { type: 'input_json_delta', partial_json: '{"path":"a' }),
      a.delta(1, { type: 'input_json_delta', partial_json: '"b.md"}' }),
      a.delta(0, { type: 'input_json_delta', partial_json: '.md"}' }),
      a.close(1),
      a.close(0),
      ...a.end('tool_use'),
    ),
  ),
  image: wired([pixel, '"media_type":"image/png"'], hello, { request: shown }),
  usage: wired(
    { input: 12, output: 34, cacheRead: 5600, cacheWrite: 700 },
    stream(
      a.start({
        input_tokens: 12,
        output_tokens: 1,
        cache_read_input_tokens: 5600,
        cache_creation_input_tokens: 700,
      }),
      ...a.text(0, 'Hello.'),
      ...a.end('end_turn', { output_tokens: 34, input_tokens: null }),
    ),
  ),
  length: wired('Half a', stream(a.start(), ...a.text(0, 'Half a'), ...a.end('max_tokens'))),
  nothingLeft: wired(null, stream(a.start(), ...a.end('end_turn'))),
  long: wired(
    10_000,
    flood(
      10_000,
      [a.start(), ...a.text(0).slice(0, 1)],
      a.delta(0, { type: 'text_delta', text: 'Piece. ' }),
      [a.close(0), ...a.end('end_turn')],
    ),
  ),
  slow: wired(null, stall(a.start(), ...a.text(0, 'He').slice(0, 2))),
  slowCall: wired(null, stall(a.start(), ...half.slice(0, 2))),
  models: wired(
    [{ id: 'claude-sonnet-5-5', title: 'Claude Sonnet 5.5', context: 1_000_000, output: 128_000 }],
    whole({
      data: [
        {
          type: 'model',
          id: 'claude-sonnet-5-5',
          display_name: 'Claude Sonnet 5.5',
          created_at: '2026-09-01T00:00:00Z',
          max_input_tokens: 1_000_000,
          max_tokens: 128_000,
        },
      ],
      has_more: false,
    }),
  ),
  reachable: wired(null, hello),
  faults,
};
