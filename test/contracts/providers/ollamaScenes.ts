import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { mockFaults, mockScenes, wireFaults } from './commonScenes.ts';
import type { Stage } from './listen.ts';
import { broken, details, dripping, json, lines, ollamaLines as o, stalled } from './ollamaWire.ts';
import { pixel, type Staging, shown, staging, unicode } from './staging.ts';
import type { Fault, Scene, Subject } from './subject.ts';

const plain = staging(createOllama);

/** Each model's details are asked for before its first answer; what is sent for that is left out. */
const stages: Staging = {
  ...plain,
  wired: (expect, reply, settings) => {
    const scene = plain.wired(expect, [details, ...(Array.isArray(reply) ? reply : [reply])], settings);
    return 'deviates' in scene ? scene : { expect, set: async () => withoutDetails(await scene.set()) };
  },
};

function withoutDetails(stage: Stage): Stage {
  return {
    ...stage,
    get sent() {
      return (stage.sent ?? []).filter((body) => body.includes('"messages"'));
    },
  };
}

const { wired } = stages;
const refused = (status: number, error: string) => wired(null, json({ error }, status));

const faults: Subject['faults'] = {
  ...wireFaults(stages),
  ...mockFaults(stages),
  'the key is missing': { deviates: 'Ollama needs no key' },
  'the key is wrong': refused(401, 'unauthorized'),
  'the key may not do this': refused(403, 'this model requires a subscription'),
  'there is no credit left': refused(402, 'you have reached your weekly usage limit'),
  'the service says the key back': refused(400, 'Nothing is known of sk-test here.'),
  'there is no such model': refused(404, "model 'nope' not found"),
  'the request is not accepted': refused(400, 'registry.ollama.ai/library/gemma:2b does not support tools'),
  'the request is too large': refused(413, 'http: request body too large'),
  'the prompt is too long': refused(400, 'the input length exceeds the context length'),
  'the service is overloaded': refused(
    503,
    'server busy, please try again. maximum pending requests exceeded',
  ),
  'the service is overloaded in mid-answer': wired(
    null,
    lines(o.text('He'), o.bytes({ error: 'an error was encountered while running the model' })),
  ),
  'nothing more comes': wired(null, stalled(o.text('He')), { silence: 700 }),
  'the answer is cut in a tool call': wired(
    null,
    broken(o.calls({ name: 'read_file', arguments: { path: 'a.md' } }).slice(0, -12)),
  ),
  'the answer ends without its end': wired(null, lines(o.text('Hello.'))),
  'an event is no JSON': wired(null, lines(o.text('He'), '{"message":{"con\n', o.end())),
  'an event has another shape': wired(null, lines(o.bytes({ message: { content: 7 } }), o.end())),
  'the input of a tool is no JSON': wired(
    null,
    lines(o.calls({ name: 'read_file', arguments: '{"path": "a' }), o.end()),
  ),
  'the answer is empty': wired(null, lines(o.end())),
  'the answer is refused': { deviates: 'Ollama gives no reason of that kind' },
  'a tool call is longer than allowed': wired(null, lines(o.thinking('I call it.'), o.end('length'))),
} satisfies Record<Fault, Scene<null>>;

const calls = ['a.md', 'b.md'].map((path) => ({ name: 'read_file', arguments: { path } }));

/** Ollama against aimock, and against bytes on the wire where aimock has none. */
export const ollama: Subject = {
  name: 'ollama',
  ...mockScenes(stages),
  unicode: wired(unicode, dripping(o.text(unicode), o.end())),
  thinking: wired(
    { thought: 'First read the file.', givenBack: '"thinking":"First read the file."' },
    lines(o.thinking('First read '), o.thinking('the file.'), o.calls(...calls), o.end()),
  ),
  mixedCalls: { deviates: 'Ollama sends each call whole' },
  image: wired([`"images":["${pixel}"]`], lines(o.text('A dot.'), o.end()), { request: shown }),
  usage: wired(
    { input: 5612, output: 34, cacheRead: 0, cacheWrite: 0 },
    lines(o.text('Hello.'), o.end('stop', { prompt_eval_count: 5612, eval_count: 34 })),
  ),
  length: wired('Half a', lines(o.text('Half a'), o.end('length'))),
  nothingLeft: wired(null, lines(o.end())),
  long: wired(10_000, lines(...Array.from({ length: 10_000 }, (_, at) => o.text(`${at} `)), o.end())),
  slow: wired(null, stalled(o.text('He'))),
  slowCall: wired(null, stalled(o.calls(...calls.slice(0, 1)))),
  models: plain.wired(
    [{ id: 'qwen3:8b', title: 'qwen3:8b (8.2B)' }, { id: 'gemma3:latest' }],
    json({
      models: [
        { name: 'qwen3:8b', model: 'qwen3:8b', details: { family: 'qwen3', parameter_size: '8.2B' } },
        {
          name: 'nomic-embed-text:latest',
          model: 'nomic-embed-text:latest',
          details: { family: 'nomic-bert' },
        },
        { name: 'gemma3:latest', model: 'gemma3:latest', details: { family: 'gemma3' } },
      ],
    }),
  ),
  reachable: wired(null, lines()),
  faults,
};
