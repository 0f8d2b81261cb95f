/** The events of OpenAI's Responses (https://platform.openai.com/docs/api-reference/responses-streaming). */
export const responseEvents = {
  start: () => ({ type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } }),
  open: (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item }),
  delta: (output_index: number, kind: string, delta: string) => ({
    type: `response.${kind}.delta`,
    item_id: `item_${output_index}`,
    output_index,
    content_index: 0,
    delta,
  }),
  close: (output_index: number, item: object) => ({ type: 'response.output_item.done', output_index, item }),
  text: (index: number, ...pieces: string[]) => [
    responseEvents.open(index, { type: 'message', id: 'msg_1', role: 'assistant', content: [] }),
    ...pieces.map((piece) => responseEvents.delta(index, 'output_text', piece)),
    responseEvents.close(index, { type: 'message', id: 'msg_1', role: 'assistant', content: [] }),
  ],
  call: (index: number, id: string, name: string, ...json: string[]) => {
    const item = { type: 'function_call', id: `fc_${id}`, call_id: id, name };
    return [
      responseEvents.open(index, { ...item, arguments: '' }),
      ...json.map((piece) => responseEvents.delta(index, 'function_call_arguments', piece)),
      responseEvents.close(index, { ...item, arguments: json.join('') }),
    ];
  },
  thought: (index: number, id: string, encrypted: string, ...pieces: string[]) => [
    responseEvents.open(index, { type: 'reasoning', id, summary: [] }),
    ...pieces.map((piece) => responseEvents.delta(index, 'reasoning_summary_text', piece)),
    responseEvents.close(index, { type: 'reasoning', id, summary: [], encrypted_content: encrypted }),
  ],
  end: (usage: object = { input_tokens: 1, output_tokens: 2 }) => ({
    type: 'response.completed',
    response: { id: 'resp_1', status: 'completed', incomplete_details: null, usage },
  }),
  incomplete: (reason: string) => ({
    type: 'response.incomplete',
    response: { id: 'resp_1', status: 'incomplete', incomplete_details: { reason } },
  }),
};
