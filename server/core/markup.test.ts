import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openMarkupFilter, withoutMarkup } from './markup.ts';

const call = '{"name": "read_file", "arguments": {"path": "a<b.md"}}';

/** Answers with a tool call in their text, and what of them is shown. */
const hidden: readonly (readonly [answer: string, shown: string])[] = [
  [`<tool_call>\n${call}\n</tool_call>`, ''],
  [`I look.\n\n<tool_call>${call}</tool_call>`, 'I look.'],
  [
    `I look. <tool_call>\n<function=read_file>\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call> Then.`,
    'I look.  Then.',
  ],
  ['<tool_call>read_file\n<arg_key>path</arg_key><arg_value>a</arg_value></tool_call>', ''],
  ['One <function=read_file>{"path": "a"}</function> two', 'One  two'],
  [`<function_calls>\n<invoke name="x">\n</invoke>\n</function_calls>`, ''],
  ['Look:\n```tool_code\nprint(default_api.read_file(path="a"))\n```\nThat is it.', 'Look:\nThat is it.'],
  ['<tool_code>\nprint(1)\n</tool_code>', ''],
  [`[TOOL_CALLS] [${call}]`, ''],
  [`Well.<｜tool▁calls▁begin｜>${call}`, 'Well.'],
  [`<|python_tag|>read_file(path="a")`, ''],
  [`It broke off: <tool_call>{"name": "read`, 'It broke off:'],
  [`\`x\` and <tool_call>${call}</tool_call>`, '`x` and'],
  ['```js\nlet a;\n```\n<function=x>{}</function>', '```js\nlet a;\n```'],
];

/** Text that looks a little like it, and stays. */
const shown: readonly string[] = [
  'The `<tool_call>{}` mark is for models.',
  'The <tool_call> element holds a call.',
  '```xml\n<tool_call>\n{"name": "x"}\n</tool_call>\n```\nThat was an example.',
  '````md\n```tool_code\nprint(1)\n```\n````\n',
  '```python\ndef f(a: list[int]) -> bool: return a < b\n```',
  'a < b, x[0] and [a link](https://example.org) <b>bold</b> <function> `',
  'An open `tick, then <div>\n\n  ```\n<function=x>\n  ```\n',
  '```\n<tool_call>{',
  '[TOOL_CALLS] is what Mistral writes.'.replace('] is', ']: is'),
  '<',
  '``',
];

describe('tool calls that a model writes as text', () => {
  for (const [answer, rest] of hidden) {
    it(`are not shown: ${JSON.stringify(answer.slice(0, 40))}`, () => {
      assert.equal(whole(answer).trimEnd(), rest);
      const { parts, hid } = withoutMarkup([{ kind: 'text', text: answer }]);
      assert.ok(hid);
      assert.deepEqual(parts, rest === '' ? [] : [{ kind: 'text', text: rest }]);
    });
  }

  for (const text of shown) {
    it(`leave alone what is none: ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(whole(text), text);
      const parts = [{ kind: 'text', text } as const];
      assert.equal(withoutMarkup(parts).parts, parts);
    });
  }

  it('are found however the text is cut on its way', () => {
    const pieces = [...hidden.map(([answer]) => answer), ...shown, '\n', ' words ', '`', '```'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 4 }),
        fc.array(fc.nat(12), { minLength: 1, maxLength: 50 }),
        (texts, cuts) => {
          const text = texts.join('\n');
          assert.equal(inPieces(text, cuts), whole(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are no reason to change any other text', () => {
    const harmless = fc.string({
      unit: fc.constantFrom('`', '<', '>', '[', '\n', ' ', 'a', '/', '=', '|', '{'),
    });
    fc.assert(
      fc.property(harmless, fc.array(fc.nat(3), { minLength: 1 }), (text, cuts) => {
        assert.equal(inPieces(text, cuts), text);
      }),
      { numRuns: 500 },
    );
  });
});

function whole(text: string): string {
  const filter = openMarkupFilter();
  return filter.take(text) + filter.end();
}

function inPieces(text: string, cuts: readonly number[]): string {
  const filter = openMarkupFilter();
  let out = '';
  for (let at = 0, nth = 0; at < text.length; nth++) {
    const next = at + 1 + (cuts[nth % cuts.length] ?? 0);
    out += filter.take(text.slice(at, next));
    at = next;
  }
  return out + filter.end();
}
