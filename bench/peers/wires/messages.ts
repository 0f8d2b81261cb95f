import { type Answer, type Form, halves, named, type Wire } from './wire.ts';

interface Body {
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages?: readonly { readonly content: string | readonly Block[] }[];
  readonly output_config?: { readonly format?: { readonly schema?: Form } };
}

interface Block {
  readonly type: string;
  readonly id?: string;
  readonly tool_use_id?: string;
  readonly input?: unknown;
}

/** Anthropic's Messages (https://platform.claude.com/docs/en/api/messages). */
export const messages: Wire = {
  overloaded: 529,
  serves: (path) => path.endsWith('/messages'),
  streams: (_, body) => (body as Body).stream === true,
  read: (body) => {
    const { tools = [], system = '', messages: said = [], output_config } = body as Body;
    const blocks = said.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    return {
      tools: tools.map((tool) => tool.name),
      parts: [tools, system, ...said],
      calls: blocks
        .filter((block) => block.type === 'tool_use')
        .map((block) => ({ id: block.id ?? '', input: JSON.stringify(block.input) })),
      results: blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id ?? ''] : [])),
      form: output_config?.format?.schema,
    };
  },
  stream: (answer) => ({
    opening: [named('message_start', { message: { ...head(answer), content: [], stop_reason: null } })],
    text:
      answer.text.length === 0
        ? []
        : block(
            0,
            { type: 'text', text: '' },
            answer.text.map((text) => ({ type: 'text_delta', text })),
          ),
    call: callBlock(answer),
    closing: [
      named('message_delta', {
        delta: { stop_reason: stopOf(answer), stop_sequence: null },
        usage: { output_tokens: 50 },
      }),
      named('message_stop', {}),
    ],
  }),
  whole: (answer) => ({
    ...head(answer),
    content: [
      { type: 'text', text: answer.text.join('') },
      ...(answer.call ? [{ type: 'tool_use', id: answer.id, ...answer.call }] : []),
    ],
    stop_reason: stopOf(answer),
  }),
  error: (status, message) => ({ type: 'error', error: { type: errors[status] ?? 'api_error', message } }),
};

const errors: Readonly<Record<number, string>> = { 429: 'rate_limit_error', 529: 'overloaded_error' };

const stopOf = ({ call }: Answer) => (call ? 'tool_use' : 'end_turn');

const head = ({ id, model }: Answer) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  model,
  stop_sequence: null,
  usage: { input_tokens: 1000, output_tokens: 1 },
});

function block(index: number, content_block: object, deltas: readonly object[]): string[] {
  return [
    named('content_block_start', { index, content_block }),
    ...deltas.map((delta) => named('content_block_delta', { index, delta })),
    named('content_block_stop', { index }),
  ];
}

function callBlock({ id, call, text }: Answer): string[] {
  if (!call) return [];
  const deltas = halves(call.input).map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  return block(text.length > 0 ? 1 : 0, { type: 'tool_use', id, name: call.name, input: {} }, deltas);
}
