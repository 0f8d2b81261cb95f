// The scripted model, in a process of its own so that what measures does not slow it down; started by openModel.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { monotonic } from '../clock.ts';
import { deliver, deliverFault, sendJson } from './delivery.ts';
import { openPlay, type Play, type Turn, turnOf, wireOf } from './played.ts';
import type { Asked, News, Script } from './script.ts';

const state: { play: Play } = { play: openPlay({ mark: '', calls: [] }, 0) };
const tell = (news: News) => process.send?.({ news });

const server = createServer((request, response) => void serve(request, response));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
process.on('message', (message: { script?: Script }) => {
  if (message.script) state.play = openPlay(message.script, state.play.number + 1);
  process.send?.({ asked: state.play.asked });
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrived = monotonic();
  const { play } = state;
  const body = await bodyOf(request);
  const path = request.url?.split('?')[0] ?? '';
  const wire = wireOf(path);
  if (!wire) return answerOther(path, body.length, arrived, play, response);
  const question = JSON.parse(body.toString()) as object;
  const turn = turnOf(play, wire, question);
  const fault = turn.loop ? dueFault(play, turn) : null;
  const { results, doubled, shared } = turn;
  const kind = turn.loop ? 'loop' : 'beside';
  const asked: Asked = { kind, arrived, answered: null, bytes: body.length, results, doubled, shared, fault };
  play.asked.push(asked);
  if (turn.loop && play.script.hold === results && !play.held) {
    play.held = true;
    tell({ results, turn: 'held' });
    return;
  }
  if (turn.loop) tell({ results, turn: 'asked' });
  asked.answered = fault
    ? await deliverFault(response, turn, fault)
    : deliver(response, turn, wire.streams(path, question));
  if (turn.loop && !turn.answer.call) tell({ results, turn: 'closed' });
}

function dueFault(play: Play, { results }: Turn): Asked['fault'] {
  const { fault } = play.script;
  if (fault?.at !== results || play.faults >= fault.times) return null;
  play.faults++;
  return fault.name;
}

/** Lists of models, counts of tokens and the like. */
function answerOther(
  path: string,
  bytes: number,
  arrived: number,
  play: Play,
  response: ServerResponse,
): void {
  const none = { results: 0, doubled: 0, shared: null, fault: null };
  const asked: Asked = { kind: 'other', arrived, answered: null, bytes, ...none };
  play.asked.push(asked);
  const known = Object.entries(others).find(([end]) => path.endsWith(end));
  asked.answered = sendJson(response, 200, known?.[1] ?? {});
}

const others: Readonly<Record<string, object>> = {
  '/count_tokens': { input_tokens: 1000 },
  ':countTokens': { totalTokens: 1000 },
  '/models': {
    object: 'list',
    data: [{ id: 'mock-model', object: 'model', created: 1, owned_by: 'mock' }],
  },
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const open = encodings[request.headers['content-encoding'] ?? ''];
  return open ? open(Buffer.concat(chunks)) : Buffer.concat(chunks);
}

const encodings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};
