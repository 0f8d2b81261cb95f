import assert from 'node:assert/strict';
import { type Holder, Permission } from '../server/protocol/permission.ts';
import { holderName, holderOfTool, permissionWords, standing } from './permissionWords.ts';
import { english as t } from './translate.ts';

function holder(id: string, state: 'granted' | 'unasked' = 'granted'): Holder {
  return { id, title: id, about: '', needs: [{ permission: 'run', reason: 'It runs.', state }] };
}

describe('a permission', () => {
  it('has words for what it lets do and for how it stands', () => {
    for (const permission of Permission.options) assert.ok(permissionWords(permission, t));
    for (const state of ['granted', 'revoked', 'unasked'] as const) assert.ok(standing({ state }, t).words);
  });

  it('is held by the tool itself, or by the server that it is of, wherever that was set up', () => {
    const holders = [holder('tool:read_file'), holder('mcp:git'), holder('mcp:git_hub@0a1b2c3d', 'unasked')];
    const id = (tool: string) => holderOfTool(holders, tool)?.id;
    assert.equal(id('read_file'), 'tool:read_file');
    assert.equal(id('mcp__git__log'), 'mcp:git');
    assert.equal(id('mcp__git_hub__search__all'), 'mcp:git_hub@0a1b2c3d');
    assert.equal(id('mcp__other__x'), undefined);
    assert.equal(id('write_file'), undefined);
  });

  it('names its holder so that nothing in the name hides', () => {
    assert.equal(holderName({ id: 'mcp:x', title: 'git\u202ebuh' }), 'git\\u202ebuh (MCP)');
  });
});
