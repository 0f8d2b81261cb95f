import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readPrompt, saveServer } from '../../../server/core/mcp/servers.ts';
import type { McpTransport } from '../../../server/protocol/mcp.ts';
import { freePort } from '../../support/freePort.ts';
import { calls, says, scripted } from '../conversations/crew.ts';
import { type McpStage, person, setMcpStage, value } from './mcpStage.ts';
import { installedServer } from './realServers.ts';

describe('real MCP servers', function () {
  this.timeout(60_000);
  let stage: McpStage;
  const programs = { everything: '', filesystem: '' };
  before(function () {
    this.timeout(900_000);
    programs.everything = installedServer('everything');
    programs.filesystem = installedServer('filesystem');
  });
  beforeEach(async () => {
    stage = await setMcpStage();
  });
  afterEach(() => stage.close());

  const add = async (name: string, transport: McpTransport) => {
    value(await saveServer(stage.butler, { name, enabled: true, transport }, person));
    return stage.look(name);
  };
  const program = (name: keyof typeof programs, ...args: string[]): McpTransport => ({
    kind: 'stdio',
    command: process.execPath,
    args: [programs[name], ...args],
    env: {},
  });

  /** What a job answers that calls one tool, which a person approves. */
  const outputOf = async (tool: string, input: Record<string, unknown>) => {
    const { provider } = scripted(calls(tool, input), says('Done.'));
    stage.work(provider);
    const job = await stage.hand('butler', 'Do it.');
    await stage.decide(await stage.question(job), 'approve');
    await stage.end(job);
    const [turn] = (await stage.transcript(job.session)).turns.filter(({ kind }) => kind === 'assistant');
    return turn?.kind === 'assistant' ? (turn.calls[0]?.output ?? '') : '';
  };

  it('of everything: tools, resources and prompts over its input and output', async () => {
    const state = await add('everything', program('everything', 'stdio'));
    assert.equal(state.failure, null);
    assert.ok(state.tools.length >= 5 && state.tools.every((tool) => tool.state === 'pinned'));
    assert.ok(state.resources.length > 0 && state.prompts.length > 0);
    const [prompt] = state.prompts.filter((one) => one.arguments.every(({ required }) => !required));
    const asked = { server: 'everything', prompt: prompt?.name ?? '', arguments: {} };
    assert.ok(value(await readPrompt(stage.butler, asked)).text.length > 0);
    assert.match(await outputOf('mcp__everything__echo', { message: 'hello there' }), /hello there/);
  });

  it('of everything: the same at an address', async () => {
    const port = await freePort();
    const { child, ready } = listening(programs.everything, port);
    try {
      await ready;
      const url = `http://127.0.0.1:${port}/mcp`;
      const state = await add('web', { kind: 'http', url, headers: {} });
      assert.equal(state.failure, null);
      assert.match(await outputOf('mcp__web__echo', { message: 'over the wire' }), /over the wire/);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('of files: what is called as a built-in tool waits for a person, the rest reads', async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-files-')));
    await writeFile(path.join(folder, 'a.txt'), 'words in a file');
    const state = await add('files', program('filesystem', folder));
    assert.equal(state.failure, null);
    const stateOf = (name: string) => state.tools.find((tool) => tool.name === name)?.state;
    assert.deepEqual([stateOf('write_file'), stateOf('read_text_file')], ['shadowed', 'pinned']);
    const read = await outputOf('mcp__files__read_text_file', { path: path.join(folder, 'a.txt') });
    assert.match(read, /words in a file/);
    await rm(folder, { recursive: true });
  });
});

function listening(program: string, port: number): { child: ChildProcess; ready: Promise<void> } {
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [program, 'streamableHttp'], { env, stdio: 'ignore' });
  const ready = async () => {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/mcp`).catch(() => null);
      if (answer) return;
      await pause(50);
    }
  };
  return { child, ready: ready() };
}
