import assert from 'node:assert/strict';
import { ollamaAddress } from './providers.ts';

describe('where Ollama listens', () => {
  it('is read from OLLAMA_HOST in every form that Ollama takes', () => {
    const forms: [given: string | undefined, address: string | null][] = [
      [undefined, null],
      ['  ', null],
      ['127.0.0.1', 'http://127.0.0.1:11434'],
      ['models.example:9', 'http://models.example:9'],
      [':9', 'http://127.0.0.1:9'],
      ['0.0.0.0', 'http://127.0.0.1:11434'],
      ['0.0.0.0:9', 'http://127.0.0.1:9'],
      ['[::]', 'http://127.0.0.1:11434'],
      ['http://models.example', 'http://models.example'],
      ['https://models.example/ollama/', 'https://models.example/ollama'],
      ['not a host', null],
    ];
    for (const [given, address] of forms) {
      assert.equal(ollamaAddress({ OLLAMA_HOST: given }), address, given);
    }
  });
});
