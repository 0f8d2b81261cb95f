import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { mockFaults, mockScenes, wireFaults } from './commonScenes.ts';
import { gemini as g, geminiError } from './googleWire.ts';
import { pixel, shown, staging, unicode } from './staging.ts';
import type { Fault, Scene, Subject } from './subject.ts';
import { byteByByte, cut, flood, stall, stream, whole } from './wire.ts';

const stages = staging(createGoogle);
const { wired } = stages;

const faults: Subject['faults'] = {
  ...wireFaults(stages),
  ...mockFaults(stages),
  'the key is wrong': wired(
    null,
    geminiError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
  ),
  'the key may not do this': wired(
    null,
    geminiError(403, 'PERMISSION_DENIED', 'Requests to this API method are blocked.'),
  ),
  'there is no credit left': wired(
    null,
    geminiError(400, 'FAILED_PRECONDITION', 'Please enable billing on project in Google AI Studio.'),
  ),
  'the service says the key back': wired(
    null,
    geminiError(400, 'INVALID_ARGUMENT', 'Nothing is known of sk-test here.'),
  ),
  'there is no such model': wired(
    null,
    geminiError(404, 'NOT_FOUND', 'models/nope is not found for API version v1beta.'),
  ),
  'the request is not accepted': wired(
    null,
    geminiError(400, 'INVALID_ARGUMENT', 'Invalid value at "tools[0]".'),
  ),
  'the request is too large': wired(
    null,
    geminiError(413, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'),
  ),
  'the prompt is too long': wired(
    null,
    geminiError(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ),
  ),
  'the service is overloaded': wired(
    null,
    geminiError(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  ),
  'the service is overloaded in mid-answer': wired(
    null,
    stream(g.text('He'), g.bytes({ error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } })),
  ),
  'nothing more comes': wired(null, stall(g.text('He')), { silence: 700 }),
  'the answer is cut in a tool call': wired(
    null,
    cut(g.event([g.call('read_file', { path: 'a/long/path/' })]).slice(0, 90)),
  ),
  'the answer ends without its end': wired(null, stream(g.text('Hello.'))),
  'an event is no JSON': wired(null, stream('data: {"candidates":[{"cont\r\n\r\n', g.end())),
  'an event has another shape': wired(null, stream(g.bytes({ candidates: [{ content: { parts: 7 } }] }))),
  'the input of a tool is no JSON': wired(null, stream(g.end('MALFORMED_FUNCTION_CALL'))),
  'the answer is empty': wired(null, stream(g.end())),
  'the answer is refused': wired(null, stream(g.text('I'), g.end('SAFETY'))),
  'a tool call is longer than allowed': wired(
    null,
    stream(g.event([{ text: 'I call it.', thought: true }]), g.end('MAX_TOKENS')),
  ),
} satisfies Record<Fault, Scene<null>>;

const answers = ['generateContent', 'countTokens'];

/** Google against aimock, and against bytes on the wire where aimock has none. */
export const google: Subject = {
  name: 'google',
  ...mockScenes(stages),
  unicode: wired(unicode, byteByByte(g.text(unicode), g.end())),
  thinking: wired(
    { thought: 'First read the file.', givenBack: '"thoughtSignature":"EqQBCgIYAhIM"' },
    stream(
      g.event([{ text: 'First read ', thought: true }]),
      g.event([{ text: 'the file.', thought: true }]),
      g.event([g.call('read_file', { path: 'a.md' }, 'EqQBCgIYAhIM')]),
      g.end(),
    ),
  ),
  mixedCalls: { deviates: 'Gemini sends each call whole' },
  image: wired(
    [`"inlineData":{"mimeType":"image/png","data":"${pixel}"}`],
    stream(g.text('A dot.'), g.end()),
    { request: shown },
  ),
  usage: wired(
    { input: 12, output: 34, cacheRead: 5600, cacheWrite: 0 },
    stream(
      g.event([{ text: 'Hel' }], undefined, { promptTokenCount: 5612, candidatesTokenCount: 1 }),
      g.event([{ text: 'lo.' }], 'STOP', {
        promptTokenCount: 5612,
        cachedContentTokenCount: 5600,
        candidatesTokenCount: 4,
        thoughtsTokenCount: 30,
      }),
    ),
  ),
  length: wired('Half a', stream(g.text('Half a'), g.end('MAX_TOKENS'))),
  nothingLeft: wired(null, stream(g.end())),
  long: wired(
    10_000,
    flood(10_000, [], { candidates: [{ content: { parts: [{ text: 'Piece. ' }] } }] }, [g.end()]),
  ),
  slow: wired(null, stall(g.text('He'))),
  slowCall: wired(null, stall(g.event([g.call('read_file', { path: 'a.md' })]))),
  models: wired(
    [
      { id: 'gemini-3.8-flash', title: 'Gemini 3.8 Flash', context: 1_114_112, output: 65_536 },
      { id: 'gemini-3.5-flash', context: 1_000_000 },
      { id: 'gemini-2.5-pro' },
    ],
    whole({
      models: [
        { name: 'models/gemini-2.5-pro', supportedGenerationMethods: answers },
        { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
        {
          name: 'models/gemini-3.5-flash',
          inputTokenLimit: 1_000_000,
          supportedGenerationMethods: answers,
        },
        {
          name: 'models/gemini-3.8-flash',
          displayName: 'Gemini 3.8 Flash',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: answers,
        },
      ],
    }),
  ),
  reachable: wired(null, stream()),
  faults,
};
