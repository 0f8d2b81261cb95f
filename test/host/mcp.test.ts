import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commands } from 'vscode';
import type { Parts } from '../../extension/parts.ts';
import { listMcp, removeMcp } from '../../server/protocol/mcp.ts';
import { activeParts, valueIn } from './parts.ts';
import { accepted, left } from './press.ts';

const script = {
  tools: [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object' } }],
};

describe('an MCP server', () => {
  let parts: Parts;
  let scratch = '';
  let root = '';
  before(async () => {
    parts = await activeParts();
    root = parts.context.extensionPath;
    scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-mcp-')));
    await writeFile(path.join(scratch, 'script.json'), JSON.stringify(script));
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  it('is added as one types it, starts when it is wanted, and is removed', async () => {
    const server = path.join(root, 'test/contracts/mcp/scriptedServer.mjs');
    const files = ['script.json', 'notes'].map((name) => `"${path.join(scratch, name)}"`);
    const given = {
      name: 'host-one',
      kind: 'stdio',
      command: `node "${server}" ${files.join(' ')}`,
      secrets: '',
    };
    assert.equal(await accepted(commands.executeCommand<string>('butler.mcp.add', given)), 'host-one');
    const { servers } = valueIn(await parts.worker.send(listMcp, { connect: true }));
    const found = servers.find((one) => one.server.name === 'host-one');
    assert.deepEqual([found?.state, found?.tools[0]?.state], ['ready', 'pinned'], found?.failure?.what);
    await left(commands.executeCommand('butler.mcp.manage'));
    valueIn(await parts.worker.send(removeMcp, { name: 'host-one' }));
  });
});
