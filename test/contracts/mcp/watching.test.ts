import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listMcp, mcpChanged } from '../../../server/protocol/mcp.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { until } from '../../support/until.ts';
import { type McpStage, setMcpStage } from './mcpStage.ts';

describe('the file of servers of a workspace', () => {
  let stage: McpStage;
  let client: LspClient;
  let changes: number;
  beforeEach(async () => {
    stage = await setMcpStage();
    client = await startClient({ home: stage.home, workspace: stage.workspace });
    changes = 0;
    client.connection.onNotification(mcpChanged.method, () => void changes++);
  });
  afterEach(async () => {
    await client.close();
    await stage.close();
  });

  it('is told of when it comes, changes and goes, and nothing of it is started or approved by that', async () => {
    const names = async () => (await client.send(listMcp, {})).servers.map(({ server }) => server.name);
    assert.deepEqual(await names(), []);
    const one = await stage.script('one', {});
    const two = await stage.script('two', {});
    const told = async (act: () => Promise<void>) => {
      const before = changes;
      await act();
      await until(() => changes > before);
    };
    await told(() => stage.share({ servers: [one] }));
    assert.deepEqual(await names(), ['one']);
    const other = path.join(stage.workspace, '.butler/other.json');
    await writeFile(other, JSON.stringify({ servers: [one, two] }));
    await told(() => rename(other, path.join(stage.workspace, '.butler/mcp.json')));
    assert.deepEqual(await names(), ['one', 'two']);
    const { servers } = await client.send(listMcp, { connect: true });
    assert.deepEqual(new Set(servers.map(({ state }) => state)), new Set(['unapproved']));
    assert.deepEqual([stage.notes('one'), stage.notes('two')], [[], []]);
    await told(() => rm(path.join(stage.workspace, '.butler/mcp.json')));
    assert.deepEqual(await names(), []);
  });
});
