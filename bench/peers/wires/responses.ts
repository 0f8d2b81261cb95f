import { type Answer, type Form, halves, named, type Wire } from './wire.ts';

interface Body {
  readonly stream?: boolean;
  readonly instructions?: unknown;
  readonly tools?: readonly { readonly name?: string; readonly type: string }[];
  readonly input?: readonly Item[] | string;
  readonly text?: { readonly format?: { readonly schema?: Form } };
}

interface Item {
  readonly type?: string;
  readonly call_id?: string;
  readonly arguments?: string;
}

/** OpenAI's Responses (https://platform.openai.com/docs/api-reference/responses). */
export const responses: Wire = {
  overloaded: 503,
  serves: (path) => path.endsWith('/responses'),
  streams: (_, body) => (body as Body).stream === true,
  read: (body) => {
    const { tools = [], instructions = '', input = [], text } = body as Body;
    const items = typeof input === 'string' ? [] : input;
    return {
      tools: tools.map((tool) => tool.name ?? tool.type),
      parts: [tools, instructions, ...items],
      calls: items
        .filter((item) => item.type === 'function_call')
        .map((item) => ({ id: item.call_id ?? '', input: item.arguments ?? '' })),
      results: items.flatMap((item) => (item.type?.endsWith('_call_output') ? [item.call_id ?? ''] : [])),
      form: text?.format?.schema,
    };
  },
  stream: (answer) => ({
    opening: [named('response.created', { sequence_number: 0, response: responseOf(answer, 'in_progress') })],
    text: answer.text.length === 0 ? [] : numbered(textEvents(answer), 1),
    call: numbered(callEvents(answer), 500),
    closing: [
      named('response.completed', { sequence_number: 1000, response: responseOf(answer, 'completed') }),
    ],
  }),
  whole: (answer) => responseOf(answer, 'completed'),
  error: (status, message) => ({
    error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', code: null, param: null },
  }),
};

type Event = readonly [type: string, value: object];

const numbered = (events: readonly Event[], first: number): string[] =>
  events.map(([type, value], index) => named(type, { sequence_number: first + index, ...value }));

const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 1050,
};

function responseOf(answer: Answer, status: 'in_progress' | 'completed'): object {
  const head = { id: `resp_${answer.id}`, object: 'response', created_at: 1, status, model: answer.model };
  if (status === 'in_progress') return { ...head, output: [] };
  const said = answer.text.length > 0 ? [messageOf(answer)] : [];
  return { ...head, output: [...said, ...callItems(answer)], usage };
}

function messageOf({ id, text }: Answer) {
  const content = [{ type: 'output_text', text: text.join(''), annotations: [] }];
  return { id: `msg_${id}`, type: 'message', role: 'assistant', status: 'completed', content };
}

function textEvents(answer: Answer): Event[] {
  const item = messageOf(answer);
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  return [
    [
      'response.output_item.added',
      { output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
    ],
    ['response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } }],
    ...answer.text.map((delta): Event => ['response.output_text.delta', { ...at, delta }]),
    ['response.output_text.done', { ...at, text: answer.text.join('') }],
    ['response.output_item.done', { output_index: 0, item }],
  ];
}

function callItems({ id, call }: Answer) {
  if (!call) return [];
  const input = JSON.stringify(call.input);
  const what = { type: 'function_call', call_id: id, name: call.name, arguments: input };
  return [{ id: `call_${id}`, ...what, status: 'completed' }];
}

function callEvents(answer: Answer): Event[] {
  const output_index = answer.text.length > 0 ? 1 : 0;
  return callItems(answer).flatMap((item): Event[] => {
    const at = { item_id: item.id, output_index };
    return [
      [
        'response.output_item.added',
        { output_index, item: { ...item, arguments: '', status: 'in_progress' } },
      ],
      ...halves(answer.call?.input ?? {}).map(
        (delta): Event => ['response.function_call_arguments.delta', { ...at, delta }],
      ),
      ['response.function_call_arguments.done', { ...at, arguments: item.arguments }],
      ['response.output_item.done', { output_index, item }],
    ];
  });
}
