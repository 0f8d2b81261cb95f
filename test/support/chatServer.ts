import type { ServerResponse } from 'node:http';
import { listen } from './loopback.ts';

/** A loopback service that speaks as much of the OpenAI API as a conversation takes. */
export interface ChatServer {
  /** What a person gives as its base URL. */
  readonly baseUrl: string;
  /** The key that it wants; `null` takes any. */
  key: string | null;
  /** What it answers. */
  says: string;
  /** The bodies of the requests for an answer, oldest first. */
  readonly asked: readonly { readonly model: string }[];
  close(): Promise<void>;
}

/** The models that it lists. */
export const chatModels = ['small-talk', 'big-talk'];

/** Opens the service on a free port, or on one that another had before. */
export async function openChatServer(port = 0): Promise<ChatServer> {
  const asked: { model: string }[] = [];
  const state = { key: null as string | null, says: 'At your service.' };
  const { url, close } = await listen(async (request, response) => {
    if (state.key !== null && request.headers.authorization !== `Bearer ${state.key}`) {
      return refuse(response, 401, 'Incorrect API key provided.');
    }
    if (request.url === '/v1/models') {
      return sendJson(response, { object: 'list', data: chatModels.map((id) => ({ id, object: 'model' })) });
    }
    if (request.url !== '/v1/chat/completions') return refuse(response, 404, 'There is no such path.');
    const pieces = await request.toArray();
    asked.push(JSON.parse(Buffer.concat(pieces).toString('utf8')) as { model: string });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answer(state.says)) response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end('data: [DONE]\n\n');
  }, port);
  return Object.assign(state, {
    baseUrl: `${url}/v1`,
    asked,
    close,
  });
}

/** Events of Chat Completions (https://platform.openai.com/docs/api-reference/chat-streaming). */
function answer(text: string): object[] {
  const piece = (delta: object, finish: string | null = null) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'small-talk' },
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const usage = { prompt_tokens: 1_200, completion_tokens: 34, total_tokens: 1_234 };
  return [
    piece({ role: 'assistant', content: text }),
    piece({}, 'stop'),
    { ...piece({}), choices: [], usage },
  ];
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, { error: { message, type: 'invalid_request_error', code: null } }, status);
}
