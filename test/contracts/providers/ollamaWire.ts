import type { Reply } from './wire.ts';

const ndjson = 'application/x-ndjson';

/** The lines of Ollama's chat (https://docs.ollama.com/api/chat). */
export const ollamaLines = {
  message: (message: object): string =>
    ollamaLines.bytes({ message: { role: 'assistant', ...message }, done: false }),
  text: (content: string): string => ollamaLines.message({ content }),
  thinking: (thinking: string): string => ollamaLines.message({ content: '', thinking }),
  calls: (...calls: readonly { name: string; arguments: unknown }[]): string =>
    ollamaLines.message({ content: '', tool_calls: calls.map((call) => ({ function: call })) }),
  end: (done_reason = 'stop', counts: object = {}): string =>
    ollamaLines.bytes({ message: { role: 'assistant', content: '' }, done: true, done_reason, ...counts }),
  bytes: (line: object): string => `${JSON.stringify({ model: 'qwen3:8b', ...line })}\n`,
};

/** Answers in lines and ends as a service should. */
export const lines =
  (...given: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': ndjson }).end(given.join(''));
  };

/** Answers in lines, then leaves the connection open without a word. */
export const stalled =
  (...given: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': ndjson }).write(given.join(''));
  };

/** Answers in lines, then breaks the connection. */
export const broken =
  (...given: readonly string[]): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': ndjson }).write(given.join(''), () => response.destroy());
  };

/** Answers in lines whose bytes come one by one, so that no character comes whole. */
export const dripping =
  (...given: readonly string[]): Reply =>
  async (response) => {
    response.writeHead(200, { 'content-type': ndjson });
    response.socket?.setNoDelay(true);
    for (const byte of Buffer.from(given.join(''))) {
      response.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };

/** Answers with something that comes whole. */
export const json =
  (body: object, status = 200): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };

/** The details of a model that can do everything. */
export const details = json({
  capabilities: ['completion', 'tools', 'thinking', 'vision'],
  details: { family: 'qwen3', parameter_size: '8.2B' },
  model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
});
