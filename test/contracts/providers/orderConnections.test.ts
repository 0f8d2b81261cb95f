import assert from 'node:assert/strict';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import { listen } from '../../support/loopback.ts';
import { order, wish } from './videoStudio.ts';

describe('an order that is paid for', () => {
  for (const create of [createOpenAi, createGoogle]) {
    it(`goes once, over a connection of its own, though another is free (${create.name})`, async () => {
      const { signal } = new AbortController();
      const listed: (number | undefined)[] = [];
      const ordered: (number | undefined)[] = [];
      await using service = await listen((request, response) => {
        const isList = request.method === 'GET';
        (isList ? listed : ordered).push(request.socket.remotePort);
        if (!isList) return request.on('end', () => response.destroy()).resume();
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[],"models":[]}');
      });
      const { listModels, image, speech, video } = create({ key: async () => 'key', baseURL: service.url });
      const orders: (() => Promise<Outcome<unknown>> | undefined)[] = [
        () => image?.make('a house', signal, () => undefined),
        () => speech?.make('a word', signal, () => undefined),
        () => video?.begin(wish, order('once', { signal })),
      ];
      for (const make of orders) {
        assert.ok((await listModels?.(signal))?.ok);
        const before = ordered.length;
        const made = await make();
        if (!made) continue;
        assert.ok(!made.ok && /not known/.test(made.failure.what), JSON.stringify(made));
        assert.equal(ordered.length, before + 1);
      }
      assert.ok(ordered.length > 1);
      assert.equal(new Set([...ordered, ...listed]).size, ordered.length + 1, 'lists go over one');
    });
  }
});
