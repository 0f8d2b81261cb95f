import { type Answer, data, type Form, halves, type Wire } from './wire.ts';

interface Body {
  readonly stream?: boolean;
  readonly tools?: readonly { readonly function?: { readonly name: string }; readonly name?: string }[];
  readonly messages?: readonly Message[];
  readonly response_format?: { readonly json_schema?: { readonly schema?: Form } };
}

interface Message {
  readonly role: string;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly arguments: string } }[];
}

/** OpenAI's Chat Completions (https://platform.openai.com/docs/api-reference/chat). */
export const chat: Wire = {
  overloaded: 503,
  serves: (path) => path.endsWith('/chat/completions'),
  streams: (_, body) => (body as Body).stream === true,
  read: (body) => {
    const { tools = [], messages = [], response_format } = body as Body;
    return {
      tools: tools.map((tool) => tool.function?.name ?? tool.name ?? ''),
      parts: [tools, ...messages],
      calls: messages
        .flatMap((message) => message.tool_calls ?? [])
        .map((call) => ({ id: call.id, input: call.function.arguments })),
      results: messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id ?? ''] : [])),
      form: response_format?.json_schema?.schema,
    };
  },
  stream: (answer) => ({
    opening: [chunk(answer, { role: 'assistant', content: '' })],
    text: answer.text.map((content) => chunk(answer, { content })),
    call: callChunks(answer),
    closing: [
      chunk(answer, {}, answer.call ? 'tool_calls' : 'stop'),
      data({ ...head(answer, 'chat.completion.chunk'), choices: [], usage }),
      'data: [DONE]\n\n',
    ],
  }),
  whole: (answer) => {
    const finish_reason = answer.call ? 'tool_calls' : 'stop';
    const message = {
      role: 'assistant',
      content: answer.text.join(''),
      ...(answer.call
        ? { tool_calls: [callOf(answer, answer.call.name, JSON.stringify(answer.call.input))] }
        : {}),
    };
    return { ...head(answer, 'chat.completion'), choices: [{ index: 0, finish_reason, message }], usage };
  },
  error: (status, message) => ({
    error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', code: null, param: null },
  }),
};

const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050 };

const head = ({ id, model }: Answer, object: string) => ({ id: `chat_${id}`, object, created: 1, model });

const callOf = ({ id }: Answer, name: string, input: string) => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

function chunk(answer: Answer, delta: object, finish_reason: string | null = null): string {
  return data({ ...head(answer, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason }] });
}

function callChunks(answer: Answer): string[] {
  if (!answer.call) return [];
  const pieces = halves(answer.call.input).map((piece) => ({ function: { arguments: piece } }));
  return [callOf(answer, answer.call.name, ''), ...pieces].map((call) =>
    chunk(answer, { tool_calls: [{ index: 0, ...call }] }),
  );
}
