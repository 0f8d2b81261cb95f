import assert from 'node:assert/strict';
import { wires } from './index.ts';
import type { Answer, Wire } from './wire.ts';

const answer: Answer = {
  id: 'call_1',
  model: 'mock-model',
  text: ['Step ', '1', '. '],
  call: { name: 'read', input: { path: 'one.txt' } },
};

/** A request of each wire that offers one tool, and holds one call with its result and one without. */
const requests: Readonly<Record<keyof typeof wires, { path: string; body: object }>> = {
  chat: {
    path: '/v1/chat/completions',
    body: {
      stream: true,
      tools: [{ type: 'function', function: { name: 'read' } }],
      messages: [
        { role: 'assistant', tool_calls: ['a', 'b'].map((id) => ({ id, function: { arguments: '{}' } })) },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ],
    },
  },
  responses: {
    path: '/v1/responses',
    body: {
      stream: true,
      tools: [{ type: 'function', name: 'read' }],
      input: [
        ...['a', 'b'].map((call_id) => ({ type: 'function_call', call_id, arguments: '{}' })),
        { type: 'function_call_output', call_id: 'a', output: 'x' },
      ],
    },
  },
  messages: {
    path: '/v1/messages',
    body: {
      stream: true,
      tools: [{ name: 'read' }],
      messages: [
        { role: 'assistant', content: ['a', 'b'].map((id) => ({ type: 'tool_use', id, input: {} })) },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x' }] },
      ],
    },
  },
  gemini: {
    path: '/v1beta/models/m:streamGenerateContent',
    body: {
      tools: [{ functionDeclarations: [{ name: 'read' }] }],
      contents: [
        { role: 'model', parts: ['a', 'b'].map((id) => ({ functionCall: { id, args: {} } })) },
        { role: 'user', parts: [{ functionResponse: { id: 'a' } }] },
      ],
    },
  },
};

for (const [name, wire] of Object.entries<Wire>(wires)) {
  describe(`the wire ${name}`, () => {
    const { path, body } = requests[name as keyof typeof wires];

    it('knows its own requests and no others', () => {
      const serving = Object.entries<Wire>(wires).filter(([, one]) => one.serves(path));
      assert.deepEqual(
        serving.map(([one]) => one),
        [name],
      );
      assert.equal(wire.streams(path, body), true);
    });

    it('reads tools, calls and results out of a request', () => {
      const { tools, calls, results } = wire.read(body);
      assert.deepEqual(tools, ['read']);
      assert.deepEqual(calls, [
        { id: 'a', input: '{}' },
        { id: 'b', input: '{}' },
      ]);
      assert.deepEqual(results, ['a']);
    });

    it('streams whole events, with the call in no other part than its own', () => {
      const { opening, text, call, closing } = wire.stream(answer);
      for (const event of [...opening, ...text, ...call, ...closing]) {
        const line = event.split('\n').find((one) => one.startsWith('data: ')) ?? '';
        assert.ok(event.endsWith('\n\n'));
        if (!line.includes('[DONE]')) JSON.parse(line.slice('data: '.length));
      }
      assert.ok([...opening, ...text].every((event) => !event.includes('one.txt')));
      assert.ok(call.length > 0 && text.length >= answer.text.length);
    });

    it('says the same in one piece', () => {
      const whole = JSON.stringify(wire.whole(answer));
      assert.ok(whole.includes('Step 1. ') && whole.includes('one.txt'));
    });
  });
}
