import type { ServerResponse } from 'node:http';
import { monotonic } from '../clock.ts';
import type { Stream, Wire } from '../wires/wire.ts';
import type { Turn } from './played.ts';
import type { FaultName } from './script.ts';

/** Sends an answer as it should be; answers the moment just before its last byte was handed over. */
export function deliver(response: ServerResponse, { wire, answer }: Turn, streams: boolean): number {
  if (!streams) return sendJson(response, 200, wire.whole(answer));
  const { opening, text, call, closing } = wire.stream(answer);
  return send(response, [...opening, ...text, ...call, ...closing].join(''));
}

/** Sends an answer with a fault in it; resolves with the moment of its end. */
export async function deliverFault(response: ServerResponse, turn: Turn, fault: FaultName): Promise<number> {
  return faults[fault](response, turn.wire, turn.wire.stream(turn.answer));
}

/** Answers with JSON, as `deliver` does. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): number {
  return end(response, status, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
}

type Fault = (response: ServerResponse, wire: Wire, stream: Stream) => Promise<number> | number;

const faults: Readonly<Record<FaultName, Fault>> = {
  limited: (response, wire) =>
    sendJson(response, 429, wire.error(429, 'Rate limit reached'), { 'retry-after': '1' }),
  broken: (response, wire) => sendJson(response, 500, wire.error(500, 'Internal server error')),
  overloaded: (response, wire) =>
    sendJson(response, wire.overloaded, wire.error(wire.overloaded, 'Overloaded')),
  cutInText: (response, _, { opening, text }) =>
    cut(response, [...opening, ...text.slice(0, Math.ceil(text.length / 2))].join('')),
  cutInCall: (response, _, { opening, text, call }) => {
    const whole = call.join('');
    return cut(response, [...opening, ...text, whole.slice(0, whole.length >> 1)].join(''));
  },
  cutBehindCall: (response, _, { opening, text, call }) =>
    cut(response, [...opening, ...text, ...call].join('')),
  malformed: (response, _, { opening, text, call, closing }) => {
    const first = text.find((event) => event.includes('Step ')) ?? '';
    const torn = `${first.slice(0, first.indexOf('Step ') + 2)}\n\n`;
    return send(response, [...opening, ...text, torn, ...call, ...closing].join(''));
  },
};

const stream = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };

const send = (response: ServerResponse, text: string): number => end(response, 200, stream, text);

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): number {
  response.writeHead(status, headers);
  const now = monotonic();
  response.end(text);
  return now;
}

/** How long what was sent has to arrive before the connection breaks, in ms. */
const arrival = 50;

function cut(response: ServerResponse, text: string): Promise<number> {
  response.writeHead(200, stream);
  response.write(text);
  return new Promise((resolve) => {
    setTimeout(() => {
      response.socket?.destroy();
      resolve(monotonic());
    }, arrival);
  });
}
