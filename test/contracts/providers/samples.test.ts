import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createGroq } from '../../../server/adapters/providers/groq.ts';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import { createMistral } from '../../../server/adapters/providers/mistral.ts';
import { createOllama } from '../../../server/adapters/providers/ollama.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { collect } from './listen.ts';
import { asked } from './staging.ts';
import { type Reply, startWire } from './wire.ts';

const samples = path.join(import.meta.dirname, 'samples');

/** Whose samples lie in each folder. */
const services: Readonly<Record<string, (options: HttpOptions & { readonly baseURL: string }) => Provider>> =
  {
    anthropic: createAnthropic,
    openai: createOpenAi,
    google: createGoogle,
    mistral: createMistral,
    groq: createGroq,
    compatible: createCompatible,
    ollama: createOllama,
  };

const types: Readonly<Record<string, string>> = {
  '.sse': 'text/event-stream',
  '.ndjson': 'application/x-ndjson',
};

/** Answers with bytes in pieces whose sizes share no measure with any event's. */
const inOddPieces =
  (bytes: Buffer, type: string): Reply =>
  async (response) => {
    response.writeHead(200, { 'content-type': type });
    response.socket?.setNoDelay(true);
    const sizes = [1, 2, 3, 5, 7, 11, 13, 101];
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const end = at + (sizes[turn % sizes.length] ?? 1);
      response.write(bytes.subarray(at, end));
      await new Promise((resolve) => setImmediate(resolve));
      at = end;
    }
    response.end();
  };

/** Neighbouring pieces of one kind are one line, because their number means nothing; ids that we made are one word. */
function linesOf(events: Awaited<ReturnType<typeof collect>>): object[] {
  const lines: { kind: string; text?: string }[] = [];
  for (const event of events) {
    const last = lines.at(-1);
    const streamed = event.kind === 'text' || event.kind === 'thinking';
    if (streamed && last?.kind === event.kind) last.text += event.text;
    else lines.push({ ...event });
  }
  return JSON.parse(JSON.stringify(lines).replaceAll(/"call_[\da-f]{8}-[\da-f-]{27}"/g, '"made"'));
}

describe('the samples of the wire', () => {
  for (const [service, create] of Object.entries(services)) {
    for (const file of readdirSync(path.join(samples, service))) {
      const type = types[path.extname(file)];
      if (!type) continue;
      it(`come to what is written beside them: ${service}/${file}`, async () => {
        const wire = await startWire(inOddPieces(readFileSync(path.join(samples, service, file)), type));
        const provider = create({ key: async () => 'sk-test', baseURL: wire.url, title: 'It', now: () => 0 });
        const lines = linesOf(await collect({ provider, request: asked }));
        await wire.close();
        const golden = path.join(samples, service, `${path.parse(file).name}.golden.json`);
        if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(lines, null, 2)}\n`);
        assert.deepEqual(lines, JSON.parse(readFileSync(golden, 'utf8')));
      });
    }
  }
});
