/** The events of Anthropic's Messages API (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export const anthropicEvents = {
  start: (usage: object = { input_tokens: 1, output_tokens: 1 }) => ({
    type: 'message_start',
    message: {
      id: 'msg_01',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
  }),
  open: (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block }),
  delta: (index: number, delta: object) => ({ type: 'content_block_delta', index, delta }),
  close: (index: number) => ({ type: 'content_block_stop', index }),
  text: (index: number, ...pieces: string[]) => [
    anthropicEvents.open(index, { type: 'text', text: '' }),
    ...pieces.map((text) => anthropicEvents.delta(index, { type: 'text_delta', text })),
    anthropicEvents.close(index),
  ],
  thoughts: (index: number, signature: string, ...pieces: string[]) => [
    anthropicEvents.open(index, { type: 'thinking', thinking: '', signature: '' }),
    ...pieces.map((thinking) => anthropicEvents.delta(index, { type: 'thinking_delta', thinking })),
    anthropicEvents.delta(index, { type: 'signature_delta', signature }),
    anthropicEvents.close(index),
  ],
  call: (index: number, id: string, name: string, ...json: string[]) => [
    anthropicEvents.open(index, { type: 'tool_use', id, name, input: {} }),
    ...json.map((piece) => anthropicEvents.delta(index, { type: 'input_json_delta', partial_json: piece })),
    anthropicEvents.close(index),
  ],
  end: (reason: string, usage: object = { output_tokens: 2 }) => [
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ],
};
