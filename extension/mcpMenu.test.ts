import assert from 'node:assert/strict';
import type { McpState } from '../server/protocol/mcp.ts';
import { secretsOf, serverActionRows, serverRows, wordsOf } from './mcpMenu.ts';
import { english as t } from './translate.ts';

const state = (change: Partial<McpState> = {}): McpState => ({
  server: { name: 'one', enabled: true, transport: { kind: 'stdio', command: 'x', args: ['-y'], env: {} } },
  origin: 'user',
  transport: 'a'.repeat(64),
  now: '{}',
  approved: '{}',
  state: 'ready',
  failure: null,
  tools: [],
  resources: [],
  prompts: [],
  ...change,
});

const tool = {
  name: 'look',
  description: '',
  called: 'mcp__one__look',
  digest: 'a'.repeat(64),
  definition: '{}',
  approved: null,
};

describe('the menu of MCP servers', () => {
  it('says how each stands, and what waits for a person', () => {
    const tools = [
      { ...tool, state: 'pinned' as const },
      { ...tool, state: 'changed' as const },
    ];
    const rows = serverRows([state({ tools }), state({ state: 'unapproved', origin: 'workspace' })], t);
    assert.deepEqual(
      rows.map(({ description, group }) => [description, group]),
      [
        ['1 tools · 1 to look at', 'Yours'],
        ['waits for your approval', 'Of the workspace'],
        [undefined, 'More'],
      ],
    );
  });

  it('offers only what can be done', () => {
    const actions = (one: McpState) => serverActionRows(one, t).map(({ value }) => value);
    assert.deepEqual(actions(state()), ['look', 'turn', 'remove']);
    assert.deepEqual(actions(state({ state: 'unapproved', origin: 'workspace' })), ['approve']);
    assert.deepEqual(actions(state({ tools: [{ ...tool, state: 'changed' }] })), [
      'tools',
      'look',
      'turn',
      'remove',
    ]);
  });

  it('shows nothing of a stranger as an icon or in disguise', () => {
    const transport = { kind: 'stdio' as const, command: '$(pass)\u202e', args: [], env: {} };
    const [row] = serverRows([state({ server: { name: 'one', enabled: true, transport } })], t);
    assert.ok(!row?.detail?.includes('$(pass)') && !row?.detail?.includes('\u202e'));
  });

  it('takes a command line as a person means it', () => {
    assert.deepEqual(wordsOf(`npx -y "a b" 'c d' e`), ['npx', '-y', 'a b', 'c d', 'e']);
    const env = { A: ['$', '{secret:KEY}'].join(''), B: 'plain' };
    assert.deepEqual(secretsOf({ kind: 'stdio', command: 'x', args: [], env }), ['KEY']);
  });
});
