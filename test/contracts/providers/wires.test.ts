import assert from 'node:assert/strict';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { anthropicEvents as a } from './anthropicEvents.ts';
import { chatEvents as c } from './chatEvents.ts';
import { gemini as g } from './googleWire.ts';
import { collect, said } from './listen.ts';
import { responseEvents as r } from './responseEvents.ts';
import { asked } from './staging.ts';
import { cut, type Reply, refuse, stall, startWire, stream, type Wire } from './wire.ts';

/** Each wire with its own events: an answer, and one that holds a text and a whole call. */
const wires: Readonly<
  Record<
    string,
    { create: (options: Options) => Provider; hello: (object | string)[]; read: (object | string)[] }
  >
> = {
  'Messages by Anthropic': {
    create: createAnthropic,
    hello: [a.start(), ...a.text(0, 'Hello.'), ...a.end('end_turn')],
    read: [a.start(), ...a.text(0, 'I read it.'), ...a.call(1, 'toolu_1', 'read_file', '{"path":"a.md"}')],
  },
  'Responses by OpenAI': {
    create: createOpenAi,
    hello: [r.start(), ...r.text(0, 'Hello.'), r.end()],
    read: [r.start(), ...r.text(0, 'I read it.'), ...r.call(1, 'call_1', 'read_file', '{"path":"a.md"}')],
  },
  'Chat Completions': {
    create: createCompatible,
    hello: [...c.text('Hello.'), ...c.end('stop')],
    read: [...c.text('I read it.'), ...c.call(0, 'call_1', 'read_file', '{"path":"a.md"}')],
  },
  'Gemini by Google': {
    create: createGoogle,
    hello: [g.text('Hello.'), g.end()],
    read: [g.text('I read it.'), g.event([g.call('read_file', { path: 'a.md' })])],
  },
};

type Options = HttpOptions & { readonly baseURL: string };

for (const [name, { create, hello, read }] of Object.entries(wires)) {
  describe(`the wire ${name}`, () => {
    const open: Wire[] = [];
    const start = async (reply: Reply, options: Partial<Options> = {}) => {
      const wire = await startWire(reply);
      open.push(wire);
      return { wire, provider: create({ key: async () => 'sk-test', baseURL: wire.url, ...options }) };
    };
    afterEach(() => Promise.all(open.splice(0).map((wire) => wire.close())));

    it('uses one connection for round after round', async () => {
      const ports = new Set<number | undefined>();
      const { provider } = await start((response, request) => {
        ports.add(request.socket.remotePort);
        return stream(...hello)(response, request);
      });
      for (let round = 0; round < 5; round++) {
        for await (const event of provider.stream(asked, new AbortController().signal)) {
          if (event.kind === 'done') break;
        }
      }
      assert.equal(ports.size, 1);
    });

    for (const stop of ['is stopped', 'is no longer listened to'] as const) {
      it(`closes the connection when it ${stop}`, async () => {
        const { wire, provider } = await start(stall(...hello.slice(0, 3)));
        const control = new AbortController();
        for await (const event of provider.stream(asked, control.signal)) {
          if (event.kind !== 'text') continue;
          if (stop === 'is no longer listened to') break;
          control.abort();
        }
        await wire.dropped;
      });
    }

    it('hands on what came before a cut, and never a call of it', async () => {
      const { provider } = await start(cut(...read));
      const events = await collect({ provider, request: asked });
      assert.deepEqual(events.map(said), ['text', 'tool', 'failed cut']);
    });

    it('says until when a limit lasts, from seconds and from a date', async () => {
      const now = Date.UTC(2026, 0, 1);
      for (const [given, until] of [
        ['7', now + 7000],
        ['0.5', now + 500],
        ['Thu, 01 Jan 2026 00:01:00 GMT', now + 60_000],
        ['soon', undefined],
      ] as const) {
        const limit = refuse(429, 'rate_limit_error', 'Slow down', { 'retry-after': given });
        const { wire, provider } = await start(limit, { now: () => now });
        const last = (await collect({ provider, request: asked })).at(-1);
        assert.ok(last?.kind === 'failed');
        assert.equal(last.failure.until, until, given);
        assert.equal(wire.bodies.length, 1, 'it does not try again by itself');
      }
    });

    it('sends nothing with a key that cannot be one, and never shows it', async () => {
      for (const key of ['sk-secret\nx: y', 'sk-sécret']) {
        const { wire, provider } = await start(stream(...hello), { key: async () => key });
        const last = (await collect({ provider, request: asked })).at(-1);
        assert.ok(last?.kind === 'failed' && last.failure.kind === 'auth', last && said(last));
        assert.doesNotMatch(JSON.stringify(last), /secret|sécret/);
        assert.deepEqual(wire.bodies, []);
      }
    });

    it('ends at once when it is stopped while the key is fetched', async () => {
      const control = new AbortController();
      const key = () => {
        control.abort();
        return new Promise<string | null>(() => undefined);
      };
      const { provider } = await start(stream(...hello), { key });
      const events = await collect({ provider, request: asked }, control.signal);
      assert.deepEqual(events.map(said), ['failed cancelled']);
    });

    it('says what is wrong when it cannot list its models', async () => {
      const { provider } = await start(refuse(401, 'authentication_error', 'No.'));
      const listed = await provider.listModels?.(new AbortController().signal);
      assert.ok(listed?.ok === false && listed.failure.kind === 'auth');
      const stopped = await provider.listModels?.(AbortSignal.abort());
      assert.ok(stopped?.ok === false && stopped.failure.kind === 'cancelled');
    });

    it('puts the model that a person chose for it before those it knows', () => {
      const provider = create({
        key: async () => null,
        baseURL: 'http://127.0.0.1:1',
        model: 'mine',
        name: 'own',
      });
      assert.deepEqual([provider.name, provider.models[0]], ['own', 'mine']);
    });
  });
}
