import { listen } from '../../support/loopback.ts';

/** A service with OpenAI's Chat Completions on this machine, which answers "ready" or as it is told. */
export interface SmallModel {
  readonly baseUrl: string;
  /** The `authorization` header of each request, `null` where there was none. */
  readonly keys: (string | null)[];
  /** From now on it answers with this status, and says to come back after so many seconds. */
  refuse(status: number, seconds?: number): void;
  close(): Promise<void>;
}

/** Starts a service on a free port. */
export async function startSmallModel(): Promise<SmallModel> {
  const keys: (string | null)[] = [];
  let [status, after] = [200, 0];
  const { url, close } = await listen((request, response) => {
    keys.push(request.headers.authorization ?? null);
    request.resume();
    if (status !== 200) {
      const later = after > 0 ? { 'retry-after': String(after) } : {};
      response.writeHead(status, { 'content-type': 'application/json', ...later });
      response.end(JSON.stringify({ error: { message: 'no', type: 'test' } }));
    } else if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'small', object: 'model' }] }));
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    }
  });
  return {
    baseUrl: `${url}/v1`,
    keys,
    refuse: (next, seconds = 0) => {
      [status, after] = [next, seconds];
    },
    close,
  };
}

const chunk = {
  id: 'answer',
  object: 'chat.completion.chunk',
  model: 'small',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'ready' }, finish_reason: 'stop' }],
};
