import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HttpAnswer } from './httpAnswer.ts';
import { readEvents, type ServerEvent } from './sse.ts';

async function eventsOf(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      for (const chunk of chunks) stream.enqueue(chunk);
      stream.close();
    },
  });
  return listed({ body });
}

async function listed(answer: Pick<HttpAnswer, 'body'>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(answer)) events.push(event);
  return events;
}

const text =
  ': a comment\r\nevent: one\r\ndata: {"a":"Größe 👩‍👩‍👧‍👦"}\r\n\r\ndata:two\ndata: lines\n\nevent: empty\n\nretry: 5\rdata: last\r\r';
const expected = [
  { name: 'one', data: '{"a":"Größe 👩‍👩‍👧‍👦"}' },
  { name: '', data: 'two\nlines' },
  { name: '', data: 'last' },
];

describe('server-sent events', () => {
  it('are the same wherever the network cuts them', async () => {
    const bytes = Buffer.from(`${text}data: later\n\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (places) => {
        const cuts = [0, ...places.sort((one, other) => one - other), bytes.length];
        const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
        assert.deepEqual(await eventsOf(chunks), [...expected, { name: '', data: 'later' }]);
      }),
    );
  });

  it('are the same one byte at a time', async () => {
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    assert.deepEqual(await eventsOf([...bytes, Buffer.from('\n')]), expected);
  });

  it('never came where they were not ended', async () => {
    assert.deepEqual(await eventsOf([Buffer.from('data: one\n\ndata: two\n')]), [{ name: '', data: 'one' }]);
  });

  it('are none in an empty answer', async () => {
    assert.deepEqual(await eventsOf([]), []);
  });
});
