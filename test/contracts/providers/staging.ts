import { type Fixture, LLMock } from '@copilotkit/aimock';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import type { Provider, ProviderRequest } from '../../../server/core/ports/provider.ts';
import { question, type Stage } from './listen.ts';
import type { Scene } from './subject.ts';
import { type Reply, startWire, type Wire } from './wire.ts';

/** A tool that reads a file. */
export const readFile = {
  name: 'read_file',
  description: 'Reads a file.',
  input: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

/** What is asked where a scene says nothing else; fixtures of the mock know it by `match`. */
export const asked = question('hello', { model: 'test-model', tools: [readFile] });
export const match = { userMessage: 'hello' };

export const longText = 'A long answer that comes in many pieces, one after the other. '.repeat(6);
export const unicode = 'Größe 漢字 👩‍👩‍👧‍👦 e\u0301 🏳️‍🌈';

/** The smallest PNG there is, of one pixel. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The request of a person who shows an image. */
export const shown: ProviderRequest = {
  ...asked,
  messages: [{ role: 'user', text: 'hello', images: [{ type: 'image/png', base64: pixel }] }],
};

/** What a scene may set of a provider, and what is asked of it. */
export type Settings = Partial<HttpOptions> & { readonly request?: ProviderRequest };

/** The stages on which a provider of one kind can be put. */
export interface Staging {
  /** Played by aimock. */
  mocked<E>(expect: E, ...fixtures: Fixture[]): Scene<E>;
  /** Played by bytes on a loopback connection; each request takes the next reply, and the last one for good. */
  wired<E>(expect: E, reply: Reply | [Reply, ...Reply[]], settings?: Settings): Scene<E>;
  /** Played at an address where nothing useful is. */
  addressed(place: () => Promise<Pick<Wire, 'url' | 'close'>>): Scene<null>;
}

/** Stages for a provider; `path` is what stands between the address of the mock and the service's paths. */
export function staging(
  create: (options: HttpOptions & { readonly baseURL: string }) => Provider,
  path = '',
): Staging {
  const stage = (baseURL: string, { request = asked, ...options }: Settings = {}): Omit<Stage, 'close'> => ({
    provider: create({ key: async () => 'sk-test', ...options, baseURL }),
    request,
  });
  return {
    mocked: (expect, ...fixtures) => ({
      expect,
      set: async () => {
        const mock = new LLMock({ port: 0, strict: true, logLevel: 'silent', chunkSize: 8 });
        mock.addFixtures(fixtures);
        await mock.start();
        return { ...stage(mock.url + path), close: () => mock.stop() };
      },
    }),
    wired: (expect, reply, settings) => ({
      expect,
      set: async () => {
        const wire = typeof reply === 'function' ? await startWire(reply) : await startWire(...reply);
        return { ...stage(wire.url, settings), sent: wire.bodies, close: wire.close };
      },
    }),
    addressed: (place) => ({
      expect: null,
      set: async () => {
        const { url, close } = await place();
        return { ...stage(url), close };
      },
    }),
  };
}
