import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model on the loopback that begins to answer and then takes its time until it is hung up on. */
export interface SlowModel {
  readonly url: string;
  close(): Promise<void>;
}

/** What it says before it falls silent. */
export const firstWords = 'Let me think about that for a while.';

/** Opens a model that speaks the beginning of Anthropic's streaming wire. */
export async function openSlowModel(): Promise<SlowModel> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of beginning) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const beginning = [
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'slow',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: firstWords } },
];
