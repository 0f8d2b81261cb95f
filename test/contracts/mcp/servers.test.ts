import assert from 'node:assert/strict';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { approve, removeServer, saveServer, setServerSecret } from '../../../server/core/mcp/servers.ts';
import { listServers } from '../../../server/core/mcp/states.ts';
import { examine } from '../../../server/main/doctor.ts';
import { gone } from '../../support/gone.ts';
import { setStage } from '../../support/stage.ts';
import { type McpStage, person, secretNamed, setMcpStage, tool, value } from './mcpStage.ts';

describe('MCP servers that a person or a workspace sets up', function () {
  this.timeout(60_000);
  let stage: McpStage;
  beforeEach(async () => {
    stage = await setMcpStage();
  });
  afterEach(() => stage.close());

  it('are approved by adding them, started when they are wanted, and pinned at first use', async () => {
    const added = await stage.add('one', { tools: [tool('look'), tool('find')] });
    assert.deepEqual([added.state, added.tools, stage.notes('one')], ['idle', [], []]);
    const looked = await stage.look('one');
    assert.equal(looked.state, 'ready');
    assert.deepEqual(
      looked.tools.map(({ called, state, approved, definition }) => [called, state, approved === definition]),
      [
        ['mcp__one__look', 'pinned', true],
        ['mcp__one__find', 'pinned', true],
      ],
    );
    const kept = await stage.butler.store.kept('mcpPin');
    assert.equal(Object.keys(kept.one?.tools ?? {}).length, 2);
  });

  it('of a workspace start nothing before a person approved exactly what they run', async () => {
    const server = await stage.script('team', { tools: [tool('look')] });
    await stage.share({ servers: [server] });
    const [listed] = await stage.list(true);
    assert.deepEqual(
      [listed?.state, listed?.origin, listed?.approved, stage.notes('team')],
      ['unapproved', 'workspace', null, []],
    );
    const { workspace } = stage;
    const other = { name: 'team', workspace, pin: { transport: 'a'.repeat(64), tools: {} } };
    const refused = await approve(stage.butler, other, person);
    assert.equal(!refused.ok && refused.failure.kind, 'conflict');
    const pin = { transport: listed?.transport ?? '', tools: {} };
    const approved = value(await approve(stage.butler, { name: 'team', workspace, pin }, person));
    assert.deepEqual([approved.state, approved.tools[0]?.state], ['ready', 'pinned']);
  });

  it('of a workspace are unapproved again when their command, arguments, environment or address change', async () => {
    const server = await stage.script('team', { tools: [tool('look')] });
    const { workspace } = stage;
    await stage.share({ servers: [server] });
    const [listed] = await stage.list();
    const pin = { transport: listed?.transport ?? '', tools: {} };
    value(await approve(stage.butler, { name: 'team', workspace, pin }, person));
    const ran = stage.notes('team').length;
    assert.ok(server.transport.kind === 'stdio');
    const changes = [
      { ...server.transport, command: '/bin/sh' },
      { ...server.transport, args: [...server.transport.args, '--evil'] },
      { ...server.transport, env: { NODE_OPTIONS: '--require /tmp/evil.js' } },
      { kind: 'http', url: 'http://127.0.0.1:1/mcp' },
    ];
    for (const transport of changes) {
      await stage.share({ servers: [{ ...server, transport }] });
      const [now] = await stage.list(true);
      assert.equal(now?.state, 'unapproved');
      assert.match(now?.approved ?? '', /scriptedServer/);
      assert.deepEqual(now?.tools, []);
    }
    assert.equal(stage.notes('team').filter(({ pid }) => pid !== undefined).length, 1);
    assert.ok(stage.notes('team').length >= ran);
  });

  it('that wait for a person are named by the doctor, who starts nothing', async () => {
    await stage.share({ servers: [await stage.script('team', { tools: [tool('look')] })] });
    const finding = (await examine(stage.butler)).find(({ subject }) => subject === 'MCP server team');
    assert.deepEqual([finding?.state, finding?.mend?.includes('butler mcp approve team')], ['note', true]);
    assert.deepEqual(stage.notes('team'), []);
  });

  it('are told with the line of what is wrong in the file, and then none of it counts', async () => {
    await stage.share('{\n  // servers\n  "servers": [\n    { "name": "bad name", "transport": {} }\n  ]\n}');
    const { servers, problems } = await listServers(stage.butler, true);
    assert.deepEqual(servers, []);
    assert.equal(problems[0]?.line, 4);
  });

  it('are not read through a link that leads out of the workspace', async () => {
    const server = await stage.script('team', { tools: [] });
    const elsewhere = path.join(stage.home, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await writeFile(path.join(elsewhere, 'mcp.json'), JSON.stringify({ servers: [server] }));
    await rm(path.join(stage.workspace, '.butler'), { recursive: true, force: true });
    await symlink(elsewhere, path.join(stage.workspace, '.butler'));
    const { servers, problems } = await listServers(stage.butler, true);
    assert.deepEqual([servers, problems.length], [[], 1]);
  });

  it('that were approved in one window are approved in the other, and each runs its own', async () => {
    const { workspace, home } = stage;
    await stage.share({ servers: [await stage.script('team', { tools: [tool('look')] })] });
    const other = await setStage({ serve: false, home, workspace });
    try {
      const list = async (connect: boolean) => (await listServers(other.butler, connect)).servers[0];
      assert.equal((await list(true))?.state, 'unapproved');
      const pin = { transport: (await list(false))?.transport ?? '', tools: {} };
      value(await approve(stage.butler, { name: 'team', workspace, pin }, person));
      const seen = await list(true);
      assert.deepEqual([seen?.state, seen?.tools[0]?.state], ['ready', 'pinned']);
      assert.equal(stage.notes('team').filter(({ pid }) => pid !== undefined).length, 2);
    } finally {
      await other.close();
    }
  });

  it('of a workspace do not take the place of a server of the person', async () => {
    await stage.add('one', { tools: [tool('look')] });
    await stage.share({ servers: [await stage.script('one', { tools: [tool('evil')] })] });
    const states = (await stage.list(true)).map(({ origin, state, failure }) => [
      origin,
      state,
      failure?.kind,
    ]);
    assert.deepEqual(states, [
      ['user', 'ready', undefined],
      ['workspace', 'failed', 'conflict'],
    ]);
  });

  it('are given a small environment and a folder of their own, and secrets that the journal never sees', async () => {
    process.env.BUTLER_CANARY = 'canary-of-the-environment';
    const server = await stage.script('one', { tools: [tool('look')] });
    assert.ok(server.transport.kind === 'stdio');
    const word = ['canary', 'of', 'the', 'secrets'].join('-');
    const env = { MY_TOKEN: `Bearer ${secretNamed('MY_TOKEN')}` };
    const bare = { ...server, transport: { ...server.transport, env: { MY_TOKEN: word } } };
    const refused = await saveServer(stage.butler, bare, person);
    assert.equal(!refused.ok && refused.failure.field, 'server.transport.MY_TOKEN');
    value(await saveServer(stage.butler, { ...server, transport: { ...server.transport, env } }, person));
    const without = await stage.look('one');
    assert.deepEqual([without.state, without.failure?.what.includes('MY_TOKEN')], ['failed', true]);
    const secret = { server: 'one', name: 'MY_TOKEN', value: word };
    value(await setServerSecret(stage.butler, secret, person));
    assert.equal((await stage.look('one')).state, 'ready');
    const [start] = stage.notes('one');
    assert.equal(start?.env?.MY_TOKEN, `Bearer ${word}`);
    assert.equal(start?.env?.BUTLER_CANARY, undefined);
    assert.ok(start?.cwd?.startsWith(stage.home));
    const { entries } = await stage.butler.store.entries({ after: 0, limit: 2000, bodies: true });
    assert.ok(!JSON.stringify(entries).includes(word));
    delete process.env.BUTLER_CANARY;
  });

  it('that moved to another program find no secret that was given for the first', async () => {
    const server = await stage.script('one', { tools: [] });
    assert.ok(server.transport.kind === 'stdio');
    const transport = { ...server.transport, env: { KEY: secretNamed('KEY') } };
    value(await saveServer(stage.butler, { ...server, transport }, person));
    value(
      await setServerSecret(stage.butler, { server: 'one', name: 'KEY', value: 'for the first' }, person),
    );
    value(
      await saveServer(stage.butler, { ...server, transport: { ...transport, command: 'node' } }, person),
    );
    assert.match((await stage.look('one')).failure?.what ?? '', /no secret "KEY"/);
  });

  it('are never a program of the workspace, nor one at a relative path', async () => {
    const server = await stage.script('one', {});
    assert.ok(server.transport.kind === 'stdio');
    for (const command of [
      './evil',
      'bin/evil',
      `${stage.workspace}/README.md`,
      'no-such-program-anywhere',
    ]) {
      value(
        await saveServer(stage.butler, { ...server, transport: { ...server.transport, command } }, person),
      );
      const { state, failure } = await stage.look('one');
      assert.deepEqual([state, typeof failure?.what], ['failed', 'string']);
    }
    assert.deepEqual(stage.notes('one'), []);
  });

  it('end when they are removed, and what was approved of them is forgotten', async () => {
    await stage.add('one', { tools: [tool('look')], child: true });
    await stage.look('one');
    value(await removeServer(stage.butler, 'one', person));
    assert.deepEqual(await stage.list(), []);
    assert.deepEqual(await stage.butler.store.kept('mcpPin'), {});
    await gone(...stage.notes('one').flatMap(({ pid, child }) => [pid ?? [], child ?? []].flat()));
  });
});
