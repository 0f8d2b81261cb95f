import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A model on the loopback that wants the same calls for each job, and then says that it is done. */
export interface CommandModel {
  readonly url: string;
  /** The calls that it makes in one message. */
  wants: readonly { readonly tool: string; readonly input: object }[];
  close(): Promise<void>;
}

/** What it says when it has the result. */
export const lastWords = 'That is all there is.';

/** Opens a model that speaks Anthropic's streaming wire. */
export async function openCommandModel(): Promise<CommandModel> {
  const state: Pick<CommandModel, 'wants'> = { wants: [] };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const { messages = [] } = JSON.parse(body || '{}') as { messages?: Message[] };
    const last = messages.at(-1)?.content;
    const hasResult = Array.isArray(last) && last.some(({ type }) => type === 'tool_result');
    send(response, hasResult ? said(lastWords) : state.wants.map(called));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

interface Message {
  readonly content: string | readonly { readonly type: string }[];
}

interface Block {
  readonly block: { readonly type: string };
  readonly delta: object;
}

function said(text: string): Block[] {
  return [{ block: { type: 'text', text: '' } as Block['block'], delta: { type: 'text_delta', text } }];
}

function called({ tool, input }: CommandModel['wants'][number], index: number): Block {
  const block = { type: 'tool_use', id: `toolu_${Date.now()}_${index}`, name: tool, input: {} };
  return { block, delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) } };
}

/** Events of a streamed message (https://docs.anthropic.com/en/docs/build-with-claude/streaming). */
function send(response: ServerResponse, blocks: readonly Block[]): void {
  const stop = blocks.some(({ block }) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
  const message = {
    ...{ id: `msg_${Date.now()}`, type: 'message', role: 'assistant', model: 'commander', content: [] },
    ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 10, output_tokens: 1 } },
  };
  const events = [
    { type: 'message_start', message },
    ...blocks.flatMap(({ block, delta }, index) => [
      { type: 'content_block_start', index, content_block: block },
      { type: 'content_block_delta', index, delta },
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: 9 },
    },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}
