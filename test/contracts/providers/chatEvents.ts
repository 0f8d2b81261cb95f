/** The events of Chat Completions (https://platform.openai.com/docs/api-reference/chat-streaming). */
export const chatEvents = {
  piece: (delta: object, finish: string | null = null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'test-model',
    choices: [{ index: 0, delta, finish_reason: finish }],
  }),
  text: (...pieces: string[]) => pieces.map((content) => chatEvents.piece({ content })),
  call: (index: number, id: string, name: string, ...json: string[]) => [
    chatEvents.callPiece({ index, id, type: 'function', function: { name, arguments: '' } }),
    ...json.map((piece) => chatEvents.callPiece({ index, function: { arguments: piece } })),
  ],
  callPiece: (...calls: object[]) => chatEvents.piece({ tool_calls: calls }),
  end: (finish: string, usage: object = { prompt_tokens: 1, completion_tokens: 2 }) => [
    chatEvents.piece({}, finish),
    { ...chatEvents.piece({}), choices: [], usage },
    chatEvents.done,
  ],
  done: 'data: [DONE]\n\n',
};
