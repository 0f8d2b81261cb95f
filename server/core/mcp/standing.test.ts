import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import fc from 'fast-check';
import { McpName } from '../../protocol/mcp.ts';
import type { McpDefinition } from '../ports/mcp.ts';
import { shownDefinition, toldDescription, toldSchema } from './definition.ts';
import { differenceOf } from './difference.ts';
import { calledName, isAllowed, mayUse } from './names.ts';
import { firstPins, standingsOf } from './standing.ts';

const digest = (text: string) => hash('sha256', text);
const tool = (name: string, description = 'Does it.'): McpDefinition => ({
  name,
  description,
  inputSchema: { type: 'object' },
});
const standings = (tools: McpDefinition[], pins: Record<string, string> = {}, taken: string[] = []) =>
  standingsOf(tools, { server: 's', pin: { transport: '', tools: pins }, taken, digest });

describe('how tools of an MCP server stand to what was approved', () => {
  it('counts as pinned only what is exactly as it was', () => {
    const pins = firstPins(standings([tool('a'), tool('b')]));
    const now = standings([tool('a'), tool('b', 'Does more.'), tool('c')], pins);
    assert.deepEqual(
      now.map(({ state }) => state),
      ['pinned', 'changed', 'new'],
    );
  });

  it('does not mind in which order a definition is told', () => {
    const pins = firstPins(standings([{ ...tool('a'), inputSchema: { type: 'object', title: 't' } }]));
    const [now] = standings([{ ...tool('a'), inputSchema: { title: 't', type: 'object' } }], pins);
    assert.equal(now?.state, 'pinned');
  });

  it('pins nothing at first use that takes the name of another tool', () => {
    const found = standings([tool('Read-File'), tool('look'), tool('l00k')], {}, ['read_file']);
    assert.deepEqual(Object.keys(firstPins(found)), ['look']);
  });

  it('lets no two tools be called by one name, and every provider take the name', () => {
    const name = fc.oneof(fc.string({ maxLength: 100 }), fc.stringMatching(/^[a-z_.-]{1,12}$/));
    const server = fc
      .stringMatching(/^[A-Za-z0-9-]{1,10}(_[A-Za-z0-9-]{1,10}){0,2}$/)
      .filter((one) => one.length <= 32);
    fc.assert(
      fc.property(server, name, server, name, (one, first, other, second) => {
        const [a, b] = [calledName(one, first, digest), calledName(other, second, digest)];
        assert.match(a, /^[A-Za-z0-9_-]{1,64}$/);
        assert.equal(a === b, one === other && first === second);
        assert.equal(isAllowed([`mcp__${one}__*`], b), one === other);
      }),
      { numRuns: 3_000 },
    );
    for (const bad of ['a__b', '_a', 'a_', '__']) assert.ok(!McpName.safeParse(bad).success);
  });
});

describe('what an Ability says of tools of servers', () => {
  it('names them one by one, or by a pattern', () => {
    assert.ok(isAllowed(undefined, 'mcp__a__b'));
    assert.ok(isAllowed(['read_file', 'mcp__a__*'], 'mcp__a__b'));
    assert.ok(!isAllowed(['read_file', 'mcp__a__*'], 'mcp__ab__b'));
    assert.deepEqual(
      [['mcp__a__b'], ['mcp__a__*'], ['mcp__*'], ['*'], ['mcp__ab__*'], ['read_file'], []].map((names) =>
        mayUse(names, 'a'),
      ),
      [true, true, true, true, false, false, false],
    );
  });
});

describe('the words of a stranger about a tool', () => {
  it('are told with nothing hidden and not at any length', () => {
    const told = toldDescription('s', tool('a', `Does\u200b it.${'x'.repeat(5_000)}`));
    assert.match(told, /^\[MCP server s\] Does\\u200b it\.x+…$/);
    assert.ok(told.length < 1_100);
    const schema = toldSchema({
      type: 'object',
      properties: { w: { description: 'A\u202e word', enum: ['a'] } },
    });
    assert.deepEqual(schema, {
      type: 'object',
      properties: { w: { description: 'A\\u202e word', enum: ['a'] } },
    });
  });

  it('are shown to people spelled out, and their difference line by line', () => {
    const before = shownDefinition('{"a":"x","b":[1,2]}');
    const after = shownDefinition('{"a":"x\u200b","b":[1,3]}');
    const changed = differenceOf(before, after).filter(({ sign }) => sign !== ' ');
    assert.deepEqual(
      changed.map(({ sign, line }) => sign + line.trim()),
      ['-"a": "x",', '+"a": "x\\u200b",', '-2', '+3'],
    );
  });

  it('differ in a way that makes the one out of the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const [before, after] = [one.join('\n'), other.join('\n')];
        const found = differenceOf(before, after);
        const of = (sign: string) =>
          found
            .filter((line) => line.sign !== sign)
            .map(({ line }) => line)
            .join('\n');
        assert.deepEqual([of('+'), of('-')], [before, after]);
      }),
    );
  });
});
