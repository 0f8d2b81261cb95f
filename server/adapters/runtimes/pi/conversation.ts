import type { RuntimeEvent, RuntimeOrder, RuntimeQuestion } from '../../../core/ports/runtime.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import { faultOf } from './faults.ts';
import { brought, question, ready } from './gate.ts';
import { type PiRecord, personText, readAnswer, readQuestion, textOf } from './records.ts';

/** One conversation with a pi: what its records mean, and what it is told. */
export interface Conversation {
  /** Begins it. */
  open(): void;
  /** What a record says; after `done` or `failed` nothing follows. */
  take(record: PiRecord): readonly RuntimeEvent[];
  /** Says something to it at work, or once it is. */
  say(text: string): void;
  /** Tells it to stop where it is; what was said and not heard is not to begin it anew. */
  abort(): void;
}

type Send = (record: Readonly<Record<string, unknown>>) => void;

/** Holds the conversation about an order; `begun` is called once pi has read all that it starts from. */
export function holdConversation(order: RuntimeOrder, send: Send, begun: () => void): Conversation {
  const talk = openTalk(order, send, begun);
  const handlers = handlersFor(order, send, talk);
  return {
    open: () => send({ type: 'get_state' }),
    take: (record) => (handlers[record.type] as (one: PiRecord) => readonly RuntimeEvent[])(record),
    say: talk.say,
    abort: () => {
      send({ type: 'clear_queue' });
      send({ type: 'abort' });
    },
  };
}

/** What pi is told, and what of it its model heard. */
interface Talk {
  /** Notes that the extension is there. */
  loaded(): void;
  /** Hands over the job; answers whether it could, for without the extension it does not. */
  begin(): boolean;
  say(text: string): void;
  /** Whether a message of the person that reached the model is the next of what was said. */
  hears(text: string): boolean;
}

function openTalk(order: RuntimeOrder, send: Send, begun: () => void): Talk {
  const said: string[] = [];
  let phase: 'starting' | 'loaded' | 'working' = 'starting';
  let isPrompted = false;
  const steer = (message: string) => send({ type: 'steer', message });
  return {
    loaded: () => {
      if (phase === 'starting') phase = 'loaded';
    },
    begin: () => {
      if (phase !== 'loaded') return phase === 'working';
      phase = 'working';
      begun();
      send({ type: 'prompt', message: order.text, images: order.images.map(wireImage) });
      said.forEach(steer);
      return true;
    },
    say: (text) => {
      said.push(text);
      if (phase === 'working') steer(text);
    },
    hears: (text) => {
      const isNext = isPrompted && said[0] === text;
      isPrompted = true;
      if (isNext) said.shift();
      return isNext;
    },
  };
}

function handlersFor({ provider }: RuntimeOrder, send: Send, talk: Talk): Handlers {
  let failure: Failure | null = null;
  const answered = (message: unknown): RuntimeEvent[] => {
    const answer = readAnswer(message);
    if (!answer) return [failed(failures.malformed('pi', 'a message of its model.'))];
    if (answer.kind === 'failed') failure = faultOf(answer.what, provider.title);
    if (answer.kind !== 'whole') return [];
    failure = null;
    const { parts, stop, usage } = answer;
    return [{ kind: 'message', parts, stop, usage }];
  };
  return {
    response: ({ command, success, error = '' }) => {
      if (command === 'get_state') return talk.begin() ? [] : [failed(notLoaded)];
      return command === 'prompt' && !success ? [failed(notBegun(error))] : [];
    },
    message_update: ({ assistantMessageEvent: { type, delta = '', toolName = '' } }) => {
      if (type === 'text_delta') return [{ kind: 'text', text: delta }];
      if (type === 'thinking_delta') return [{ kind: 'thinking', text: delta }];
      return type === 'toolcall_start' ? [{ kind: 'tool', tool: toolName }] : [];
    },
    message_end: ({ message }) => {
      if (message.role === 'user') return talk.hears(personText(message)) ? [{ kind: 'heard' }] : [];
      return message.role === 'assistant' ? answered(message) : [];
    },
    tool_execution_end: ({ toolCallId: call, result, isError: error }) => [
      { kind: 'toolEnd', call, output: textOf(result?.content), error },
    ],
    agent_end: ({ willRetry: again }) => (failure ? [{ kind: 'attempt', failure, again }] : []),
    agent_settled: () => [failure ? failed(failure) : { kind: 'done' }],
    extension_ui_request: ({ id, method, title, placeholder = '', message }) => {
      if (method === 'notify' && message === ready) talk.loaded();
      if (!dialogs.has(method)) return [];
      const reply = (value: string) => send({ type: 'extension_ui_response', id, value });
      if (title === brought) return [{ kind: 'brought', text: placeholder, answer: reply }];
      const asked = title === question ? readQuestion(placeholder) : null;
      if (asked) return [questionOf(asked, reply)];
      send({ type: 'extension_ui_response', id, cancelled: true });
      return [];
    },
  };
}

type Handlers = {
  readonly [T in PiRecord['type']]: (record: Extract<PiRecord, { type: T }>) => readonly RuntimeEvent[];
};

/** What an extension may ask and then waits for. */
const dialogs: ReadonlySet<string> = new Set(['select', 'confirm', 'input', 'editor']);

function questionOf(
  { call, tool, input }: { call: string; tool: string; input?: unknown },
  reply: (value: string) => void,
): RuntimeQuestion {
  return {
    kind: 'question',
    call,
    tool,
    input,
    answer: (answer) => {
      const value =
        answer.kind === 'allowed'
          ? { allowed: answer.input }
          : { output: answer.output, error: answer.error };
      reply(JSON.stringify(value));
    },
  };
}

function wireImage({ type, base64 }: RuntimeOrder['images'][number]) {
  return { type: 'image', data: base64, mimeType: type };
}

const notLoaded = failures.tool(
  'pi started without the part that asks for approval, so it was given nothing to do.',
  'Install the version of pi that the guide names.',
);

function notBegun(error: string): Failure {
  return failures.tool(`pi did not begin: ${error}`, 'Mend that, then try again.');
}

function failed(failure: Failure): RuntimeEvent {
  return { kind: 'failed', failure };
}
