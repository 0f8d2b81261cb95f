import { type Failure, failures } from '../../../server/protocol/failure.ts';
import type { EditorEnd } from '../../../server/protocol/languageModel.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { lent, type Model } from './editorStage.ts';
import { longText, pixel, shown, unicode } from './staging.ts';
import type { Fault, Scene, Subject } from './subject.ts';

const end: EditorEnd = { failure: null, usage: null };
const text = (words: string): Part => ({ kind: 'text', text: words });
const call = (path: string): Part => ({
  kind: 'call',
  call: `c-${path}`,
  tool: 'read_file',
  input: { path },
});

/** Tells pieces, and ends. */
const tells =
  (parts: readonly unknown[], ended: EditorEnd = end): Model =>
  async ({ tell }) => {
    for (const part of parts) await tell(part);
    return ended;
  };

/** Tells pieces, then nothing more until it is stopped. */
const stalls =
  (...parts: readonly Part[]): Model =>
  async ({ tell, token }) => {
    for (const part of parts) await tell(part);
    return new Promise((resolve) => token.onCancellationRequested(() => resolve(end)));
  };

/** Tells pieces, then goes away. */
const leaves =
  (...parts: readonly Part[]): Model =>
  async ({ tell, leave }) => {
    for (const part of parts) await tell(part);
    await leave();
    return end;
  };

const fails = (failure: Failure) => lent(null, tells([], { failure, usage: null }));
const ownKeys = { deviates: 'the editor keeps its own keys and asks for its own sign-in' };
const ownNetwork = { deviates: 'the editor has its own way to its services, and says what went wrong there' };
const ownSizes = { deviates: 'the editor has one failure for everything that is too long' };

const faults = {
  'the key is missing': ownKeys,
  'the key is wrong': fails(failures.auth('Copilot')),
  'the key may not do this': fails(failures.denied('There is no consent.', 'Give it.')),
  'there is no credit left': ownKeys,
  'the address is not that of the service': ownNetwork,
  'the service sends the request elsewhere': ownNetwork,
  'the service says the key back': ownKeys,
  'there is no such model': fails(failures.notFound('model', 'nope')),
  'the request is not accepted': fails(failures.invalid('provider', 'It did not fit.', 'Mend it.')),
  'the request is too large': ownSizes,
  'the prompt is too long': fails(failures.tooLong('Copilot')),
  'the limit is reached': fails(failures.limited('Copilot')),
  'the service has a fault': fails(failures.overloaded('Copilot')),
  'the service is overloaded': ownNetwork,
  'the service is overloaded in mid-answer': lent(
    null,
    tells([text('He')], { failure: failures.overloaded('Copilot'), usage: null }),
  ),
  'the connection is refused': lent(null, tells([]), { models: null }),
  'the name does not resolve': ownNetwork,
  'the connection is not secure': ownNetwork,
  'the connection is cut before the answer': lent(null, leaves()),
  'nothing comes': lent(null, stalls(), { silence: 100 }),
  'nothing more comes': lent(null, stalls(text('He')), { silence: 700 }),
  'the answer is cut in its text': lent(null, leaves(text('He'))),
  'the answer is cut in a tool call': { deviates: 'the editor hands on each call whole' },
  'the answer ends without its end': { deviates: 'the end of an answer is an answer of the editor' },
  'an event is no JSON': { deviates: 'the connection to the editor hands on no such event' },
  'an event has another shape': lent(null, tells([{ kind: 'text', words: 7 }])),
  'the input of a tool is no JSON': lent(null, tells([{ ...call('a.md'), input: '{"path": "a' }])),
  'the answer is no stream': lent(null, async () => ({}) as EditorEnd),
  'the answer is empty': lent(null, tells([])),
  'the answer is refused': fails(failures.refused('Copilot')),
  'a tool call is longer than allowed': { deviates: 'the editor gives no reason for an end' },
} satisfies Record<Fault, Scene<null>>;

const pieces = (words: string) => (words.match(/.{1,8}/gsu) ?? []).map(text);
const calls = ['a.md', 'b.md'].map(call);

/** The editor's own models against a client at the other end of a connection. */
export const editor: Subject = {
  name: 'editor',
  text: lent(longText, tells(pieces(longText))),
  unicode: lent(unicode, tells(pieces(unicode))),
  thinking: lent(
    { thought: 'First read the file.', givenBack: null },
    tells([{ kind: 'thinking', text: 'First read ' }, { kind: 'thinking', text: 'the file.' }, call('a.md')]),
  ),
  parallelCalls: lent(
    ['a.md', 'b.md'].map((path) => ({ tool: 'read_file', input: { path } })),
    tells([text('I read both.'), ...calls]),
  ),
  mixedCalls: { deviates: 'the editor hands on each call whole' },
  toolRound: lent(
    { tool: 'read_file', input: { path: 'a.md' }, output: 'forty-two', answer: /^It says forty-two\.$/ },
    async ({ question, tell }) => {
      const last = question.messages.at(-1);
      const said = last?.role === 'tool' ? last.results[0] : null;
      await tell(said?.call === 'c-a.md' ? text(`It says ${said.output}.`) : call('a.md'));
      return end;
    },
  ),
  image: lent([pixel, 'image/png'], tells([text('A dot.')]), { request: shown }),
  usage: lent(
    { input: 12, output: 34, cacheRead: 0, cacheWrite: 0 },
    tells([text('Hello.')], {
      failure: null,
      usage: { input: 12, output: 34, cacheRead: 0, cacheWrite: 0 },
    }),
  ),
  length: { deviates: 'the editor gives no reason for an end' },
  nothingLeft: lent(null, tells([])),
  long: lent(10_000, tells(Array.from({ length: 10_000 }, (_, at) => text(`${at} `)))),
  slow: lent(null, stalls(text('He'))),
  slowCall: lent(null, stalls(call('a.md'))),
  models: lent(
    [
      { id: 'copilot/gpt-5', title: 'GPT-5 (copilot)', context: 128_000 },
      { id: 'copilot/claude', title: 'Claude (copilot)', context: 90_000 },
    ],
    tells([]),
  ),
  reachable: { deviates: 'the worker ends with its editor' },
  faults,
};
