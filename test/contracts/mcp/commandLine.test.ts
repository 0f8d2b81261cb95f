import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { McpState } from '../../../server/protocol/mcp.ts';
import { gone } from '../../support/gone.ts';
import { program, runButler } from '../../support/terminal.ts';
import { type McpStage, secretNamed, setMcpStage, tool } from './mcpStage.ts';

describe('the command line, for MCP servers', function () {
  this.timeout(60_000);
  let stage: McpStage;
  beforeEach(async () => {
    stage = await setMcpStage();
  });
  afterEach(() => stage.close());

  const butler = (args: readonly string[], input = '') => runButler(stage, args, { input });

  it('adds a server, keeps its secret, lists what it offers, prints a prompt, and removes it', async () => {
    const prompts = [{ name: 'hello', text: 'Say hello.' }];
    const { transport } = await stage.script('one', { tools: [tool('look')], prompts });
    assert.ok(transport.kind === 'stdio');
    const env = ['--env', `MY_KEY=${secretNamed('MY_KEY')}`];
    const added = await butler(['mcp', 'add', 'one', ...env, '--', transport.command, ...transport.args]);
    assert.equal(added.status, 0, added.err);
    const without = await butler(['mcp', 'test', 'one']);
    assert.equal(without.status, 1);
    assert.match(without.err, /no secret "MY_KEY".*\n.*butler mcp secret one MY_KEY/);
    const kept = await butler(['mcp', 'secret', 'one', 'MY_KEY', '--stdin'], 'a value of the test\n');
    assert.equal(kept.status, 0, kept.err);
    const tested = await butler(['mcp', 'test', 'one']);
    assert.equal(tested.status, 0, tested.err);
    assert.match(tested.out, /mcp__one__look +pinned +Does look\./);
    assert.match((await butler(['mcp', 'prompt', 'one', 'hello'])).out, /^Say hello\.$/m);
    assert.equal((await butler(['mcp', 'remove', 'one'])).status, 0);
    assert.match((await butler(['mcp', 'list'])).out, /No MCP servers yet/);
    await gone(...stage.notes('one').flatMap(({ pid }) => pid ?? []));
  });

  it('shows what a workspace wants to run, and approves exactly that and nothing else', async () => {
    await stage.share({ servers: [await stage.script('team', { tools: [tool('look')] })] });
    const shown = await butler(['mcp', 'approve', 'team']);
    assert.deepEqual([shown.status, stage.notes('team')], [1, []]);
    assert.match(shown.out, /scriptedServer\.mjs/);
    const digest = /--exactly ([0-9a-f]+)/.exec(shown.out)?.[1] ?? '';
    assert.equal((await butler(['mcp', 'approve', 'team', '--exactly', '0'.repeat(16)])).status, 1);
    const approved = await butler(['mcp', 'approve', 'team', '--exactly', digest]);
    assert.equal(approved.status, 0, approved.err);
    const { out } = await butler(['--json', 'mcp', 'list', '--connect']);
    assert.equal((JSON.parse(out) as McpState).state, 'ready');
  });

  it('shows the difference of a tool that changed, line by line', async () => {
    await stage.add('one', { tools: [tool('look')] });
    await stage.look('one');
    await stage.butler.mcpHost.end('one');
    await stage.script('one', { tools: [tool('look', { description: 'Does look.\u200b' })] });
    const { out } = await butler(['mcp', 'approve', 'one']);
    assert.match(out, /Tool look \(changed\)/);
    assert.match(out, /^- +"description": "Does look\.",$/m);
    assert.match(out, /^\+ +"description": "Does look\.\\u200b",$/m);
  });

  it('loads nothing of the protocol before a server is wanted', async () => {
    const dist = path.dirname(program);
    const seen = new Set<string>();
    const visit = async (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = await readFile(file, 'utf8');
      assert.ok(!text.includes('notifications/tools/list_changed'), file);
      for (const [, name = ''] of text.matchAll(/(?:from|import)\s*"(\.{1,2}\/[^"]+)"/g)) {
        await visit(path.join(path.dirname(file), name));
      }
    };
    const chunks = path.join(dist, 'chunks');
    const served = (await readdir(chunks)).filter((name) => /^(serveClient|languageServer)-/.test(name));
    assert.ok(served.length >= 2);
    for (const name of served) await visit(path.join(chunks, name));
  });

  it('names the line of what is wrong in the file of a workspace', async () => {
    await stage.share('{\n  "servers": [{ "name": "a" }]\n}');
    const { status, err } = await butler(['mcp', 'list']);
    assert.equal(status, 1);
    assert.match(err, /mcp\.json:2 servers\.0\.transport/);
  });
});
