import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createGroq } from '../../../server/adapters/providers/groq.ts';
import { createMistral } from '../../../server/adapters/providers/mistral.ts';
import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { anthropic } from '../providers/anthropicScenes.ts';
import { chatEvents as c } from '../providers/chatEvents.ts';
import { compatible, groq, mistral } from '../providers/chatScenes.ts';
import { editor } from '../providers/editorScenes.ts';
import { lent } from '../providers/editorStage.ts';
import { google } from '../providers/googleScenes.ts';
import { gemini as g } from '../providers/googleWire.ts';
import type { Stage } from '../providers/listen.ts';
import { ollama } from '../providers/ollamaScenes.ts';
import { details, lines, ollamaLines as o } from '../providers/ollamaWire.ts';
import { openai } from '../providers/openaiScenes.ts';
import { responseEvents as r } from '../providers/responseEvents.ts';
import { staging } from '../providers/staging.ts';
import type { Scene, Subject } from '../providers/subject.ts';
import { type Reply, startWire, stream } from '../providers/wire.ts';

/** What a model answers: words, or one call. */
export type Answer =
  | { readonly says: string }
  | { readonly tool: string; readonly input: Record<string, unknown> };

/** Answers from what was sent alone, so that who asks again hears the same. */
export type Mind = (sent: string) => Answer;

/** A provider of one kind with every fault that it can meet, and its service as it works when nothing is wrong. */
export interface Voice {
  readonly name: string;
  readonly faults: Subject['faults'];
  /** Opens the service with a model that answers so. */
  open(mind: Mind): Promise<Stage>;
}

type Speech = (answer: Answer, id: string) => Reply;

/** How a service over HTTP puts an answer on its wire. */
const wires: Readonly<Record<'messages' | 'responses' | 'chat' | 'gemini' | 'ollama', Speech>> = {
  messages: (answer, id) =>
    'says' in answer
      ? stream(a.start(), ...a.text(0, answer.says), ...a.end('end_turn'))
      : stream(a.start(), ...a.call(0, id, answer.tool, JSON.stringify(answer.input)), ...a.end('tool_use')),
  responses: (answer, id) =>
    'says' in answer
      ? stream(r.start(), ...r.text(0, answer.says), r.end())
      : stream(r.start(), ...r.call(0, id, answer.tool, JSON.stringify(answer.input)), r.end()),
  chat: (answer, id) =>
    'says' in answer
      ? stream(...c.text(answer.says), ...c.end('stop'))
      : stream(...c.call(0, id, answer.tool, JSON.stringify(answer.input)), ...c.end('tool_calls')),
  gemini: (answer) =>
    'says' in answer
      ? stream(g.text(answer.says), g.end())
      : stream(g.event([g.call(answer.tool, answer.input)]), g.end()),
  ollama: (answer) =>
    'says' in answer
      ? lines(o.text(answer.says), o.end())
      : lines(o.calls({ name: answer.tool, arguments: answer.input }), o.end()),
};

/** Every provider that speaks to a service, and the editor's. */
export const voices: readonly Voice[] = [
  overHttp(anthropic, createAnthropic, wires.messages),
  overHttp(openai, createOpenAi, wires.responses),
  overHttp(google, createGoogle, wires.gemini),
  overHttp(ollama, createOllama, wires.ollama),
  overHttp(mistral, createMistral, wires.chat),
  overHttp(groq, createGroq, wires.chat),
  overHttp(compatible, createCompatible, wires.chat),
  {
    ...editor,
    open: (mind) =>
      open(
        lent(null, async ({ question, tell }) => {
          const answer = mind(JSON.stringify(question));
          const call = `call-${question.messages.length}`;
          await tell(
            'says' in answer
              ? { kind: 'text', text: answer.says }
              : { kind: 'call', call, tool: answer.tool, input: answer.input },
          );
          return { failure: null, usage: null };
        }),
      ),
  },
];

function overHttp({ name, faults }: Subject, create: Parameters<typeof staging>[0], speech: Speech): Voice {
  const answering = (mind: Mind, sent: () => string): Reply => {
    let asked = 0;
    return (response, request) => {
      if (request.url?.endsWith('/api/show')) return details(response, request);
      asked++;
      return speech(mind(sent()), `call-${asked}`)(response, request);
    };
  };
  return {
    name,
    faults,
    open: async (mind) => {
      const wire = await startWire(answering(mind, () => wire.bodies.at(-1) ?? ''));
      return open(staging(create).addressed(async () => wire));
    },
  };
}

async function open(scene: Scene<null>): Promise<Stage> {
  if ('deviates' in scene) throw new Error(scene.deviates);
  return scene.set();
}
