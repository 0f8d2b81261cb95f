import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the model saw it. */
export interface Asked {
  /** When its head arrived and when the last byte of its answer was handed over, in ms of `performance.now()`. */
  readonly arrived: number;
  answered: number;
  readonly bytes: number;
  readonly body: string;
}

/** A model on the loopback that answers at once: so many tool calls in a row, then a closing sentence. */
export interface Mock {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Forgets what was asked and sets how many times a file is read before the end; each answer waits for its turn. */
  script(rounds: number, file: string, turn?: () => Promise<void>): void;
  /** Resolves when a request arrives, with the time of it. */
  nextRequest(): Promise<Asked>;
  /** Resolves when the closing sentence was handed over. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a model that speaks Anthropic's streaming wire. */
export async function openMock(): Promise<Mock> {
  const state = { rounds: 0, file: '', asked: [] as Asked[], turn: atOnce };
  const waiting: { request: ((asked: Asked) => void)[]; end: (() => void)[] } = { request: [], end: [] };
  const server = createServer((request, response) => {
    void answer(request, response, state, (asked, last) => {
      for (const resolve of waiting.request.splice(0)) resolve(asked);
      if (last) for (const resolve of waiting.end.splice(0)) resolve();
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get asked() {
      return state.asked;
    },
    script: (rounds, file, turn = atOnce) => Object.assign(state, { rounds, file, turn, asked: [] }),
    nextRequest: () => new Promise((resolve) => waiting.request.push(resolve)),
    ended: () => new Promise((resolve) => waiting.end.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface State {
  readonly rounds: number;
  readonly file: string;
  readonly asked: Asked[];
  turn(): Promise<void>;
}

const atOnce = async () => {};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  done: (asked: Asked, last: boolean) => void,
): Promise<void> {
  const arrived = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (!request.url?.endsWith('/messages')) {
    response.writeHead(404).end();
    return;
  }
  const round = state.asked.length;
  const asked: Asked = { arrived, answered: arrived, bytes: bytes.length, body: bytes.toString() };
  state.asked.push(asked);
  const last = round >= state.rounds;
  await state.turn();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const said = last ? sentence('All done.') : toolCall(round, state.file);
  asked.answered = performance.now();
  response.end(said);
  done(asked, last);
}

function sentence(text: string): string {
  return turn('end_turn', [
    ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
    ['content_block_delta', { index: 0, delta: { type: 'text_delta', text } }],
    ['content_block_stop', { index: 0 }],
  ]);
}

/** Rounds read from as many lines in turn, so that no two that follow each other ask the same. */
const linesRead = 20;

function toolCall(round: number, file: string): string {
  const block = {
    type: 'tool_use',
    id: `toolu_${String(round).padStart(8, '0')}`,
    name: 'read_file',
    input: {},
  };
  const asked = { path: file, from: (round % linesRead) + 1 };
  const input = { type: 'input_json_delta', partial_json: JSON.stringify(asked) };
  return turn('tool_use', [
    ['content_block_start', { index: 0, content_block: block }],
    ['content_block_delta', { index: 0, delta: input }],
    ['content_block_stop', { index: 0 }],
  ]);
}

function turn(stop: string, blocks: [type: string, data: object][]): string {
  const message = {
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'mock-model',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1000, output_tokens: 1 },
  };
  const events: [string, object][] = [
    ['message_start', { message }],
    ...blocks,
    ['message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 50 } }],
    ['message_stop', {}],
  ];
  return events
    .map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
    .join('');
}
