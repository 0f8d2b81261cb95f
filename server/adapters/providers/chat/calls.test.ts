import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gatherCalls } from './calls.ts';

const gathered = (...pieces: object[]) => {
  const calls = gatherCalls();
  const announced = pieces.flatMap((piece) => calls.take([piece]));
  return {
    announced,
    parts: calls.parts(new Set()).map(({ call, tool, input }) => ({ call, tool, input })),
  };
};

/** Four calls, each in pieces, and an order in which the pieces may come: each call's own stay in theirs. */
const mixed = fc
  .array(fc.string({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 })
  .chain((paths) =>
    fc.record({
      paths: fc.constant(paths),
      order: fc.shuffledSubarray(
        paths.flatMap((_, call) => [call, call, call]),
        { minLength: paths.length * 3, maxLength: paths.length * 3 },
      ),
    }),
  );

describe('the pieces of tool calls', () => {
  it('make up the same calls in whatever order they are mixed', () => {
    fc.assert(
      fc.property(mixed, ({ paths, order }) => {
        const begun = paths.map((path, index) => {
          const json = JSON.stringify({ path });
          const head = { name: 'read_file', arguments: json.slice(0, 3) };
          return [
            { index, id: `call_${index}`, function: head },
            { index, function: { arguments: json.slice(3, 7) } },
            { index, id: `call_${index}`, function: { arguments: json.slice(7) } },
          ];
        });
        const pieces = order.map((call) => begun[call]?.shift() ?? {});
        const { announced, parts } = gathered(...pieces);
        assert.equal(announced.length, paths.length);
        const sorted = parts.sort((one, other) => one.call.localeCompare(other.call));
        assert.deepEqual(
          sorted,
          paths.map((path, index) => ({ call: `call_${index}`, tool: 'read_file', input: { path } })),
        );
      }),
    );
  });

  it('are told apart by their ids where a service counts them all as the first', () => {
    const { parts } = gathered(
      { index: 0, id: 'a', function: { name: 'one', arguments: '{}' } },
      { index: 0, id: 'b', function: { name: 'two', arguments: '{"x":' } },
      { index: 0, function: { arguments: '1}' } },
    );
    assert.deepEqual(parts, [
      { call: 'a', tool: 'one', input: {} },
      { call: 'b', tool: 'two', input: { x: 1 } },
    ]);
  });

  it('are told apart by the names where a service neither counts nor names them', () => {
    const { announced, parts } = gathered(
      { function: { name: 'one', arguments: '{"x":' } },
      { function: { arguments: '1}' } },
      { function: { name: 'one', arguments: { x: 2 } } },
    );
    assert.deepEqual(announced, ['one', 'one']);
    assert.deepEqual(
      parts.map(({ input }) => input),
      [{ x: 1 }, { x: 2 }],
    );
    assert.equal(new Set(parts.map(({ call }) => call)).size, 2);
  });

  it('are one call where a service says its name with every piece', () => {
    const { announced, parts } = gathered(
      { index: 0, id: 'a', function: { name: 'one', arguments: '{"x":' } },
      { index: 0, id: 'a', function: { name: 'one', arguments: '1}' } },
    );
    assert.deepEqual([announced, parts], [['one'], [{ call: 'a', tool: 'one', input: { x: 1 } }]]);
  });

  it('get an id of their own where an earlier call of the conversation has it', () => {
    const calls = gatherCalls();
    calls.take([{ index: 0, id: 'call_0', function: { name: 'one', arguments: '' } }]);
    const [part] = calls.parts(new Set(['call_0']));
    assert.match(part?.call ?? '', /^call_[\w-]{36}$/);
    assert.deepEqual(part?.input, {});
  });

  it('are refused where they belong to no call or have another shape', () => {
    for (const piece of [{ index: 3, function: { arguments: '{}' } }, 'one', { function: {} }])
      assert.throws(() => gatherCalls().take([piece]), /tool call/);
    assert.throws(() => gatherCalls().take('one'), /tool calls/);
  });
});
