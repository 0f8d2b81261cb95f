import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { saveServer } from '../../../server/core/mcp/servers.ts';
import { connect } from '../../../server/core/targets.ts';
import { listPublications } from '../../../server/protocol/deliverable.ts';
import { createJob } from '../../../server/protocol/job.ts';
import { listMcp, type McpServer } from '../../../server/protocol/mcp.ts';
import { listProcesses } from '../../../server/protocol/process.ts';
import { setSecret } from '../../../server/protocol/provider.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { until } from '../../support/until.ts';
import { approving, calls, does, type ModelStage, says, setModelStage } from '../conversations/model.ts';
import { butlerCommand } from './butlerCommand.ts';
import { nowhere } from './nowhere.ts';

/** Each is made of pieces, so that it stands in no file but those that a test writes. */
const canaries = {
  environment: ['canary', 'of', 'the', 'worker', '2c3d4e5f6a7b'].join('-'),
  inUse: ['canary', 'in', 'use', '8b9c0d1e2f3a'].join('-'),
  kept: ['canary', 'kept', 'only', '4f5a6b7c8d9e'].join('-'),
  account: ['canary', 'of', 'an', 'account', '0a1b2c3d4e5f'].join('-'),
};
/** What stands in a message that is malformed, so that nobody learned it. */
const unread = ['canary', 'never', 'read', '6e7f8a9b0c1d'].join('-');

describe('a secret of a worker in a process of its own', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  let client: LspClient;
  let told: string;
  before(async () => {
    stage = await setModelStage(script, { serve: false });
    const { anthropicBaseUrl } = stage.butler.config;
    client = await startClient({
      home: stage.home,
      workspace: stage.workspace,
      initialization: { anthropicBaseUrl },
      environment: { BUTLER_TEST_TOKEN: canaries.environment, NODE_OPTIONS: `--import=${stumbling}` },
    });
    told = '';
    for (const stream of [client.process.stdout, client.process.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        told += bytes.toString('utf8');
      });
    }
  });
  after(async () => {
    await client.close();
    await stage.close();
  });

  it('is in nothing that a client, a page, a terminal or a log is told, in no publication and no output of the command line', async () => {
    await client.send(setSecret, { provider: 'openai', value: canaries.kept });
    await client.send(setSecret, { provider: 'anthropic', value: canaries.inUse });
    await connectAccount(stage);
    const all = Object.entries(canaries);
    await writeFile(path.join(stage.workspace, 'notes.txt'), all.map((one) => one.join(' = ')).join('\n'));
    await writeFile(path.join(stage.workspace, 'plain.md'), '# Plain\n');
    const job = await client.send(createJob, {
      ability: stage.ability,
      text: `Use ${canaries.account}.`,
      workspace: stage.workspace,
    });
    const handed = (await stage.butler.store.job(job.id)) ?? assert.fail('no job');
    const ended = await approving(stage, handed);
    assert.equal(ended.state, 'completed', JSON.stringify(ended.failure));
    await addTalkative(stage);
    const servers = await client.send(listMcp, { connect: true });
    assert.match(JSON.stringify(servers), /secret removed/);
    const processes = await client.send(listProcesses, {});
    const { publications } = await client.send(listPublications, {});
    assert.equal(publications.length, 1);
    const lines = await Promise.all(commandLines.map((words) => butlerCommand(stage, words)));
    nowhere(Object.values(canaries), {
      told,
      processes,
      publications,
      'environment of a server': await readFile(`${talkativeIn(stage.home)}.env`, 'utf8'),
      requests: stage.requests,
      transcript: await stage.transcript(job.session),
      ...Object.fromEntries(commandLines.map((words, at) => [words.join(' '), lines[at]])),
      ...(await published(path.join(stage.workspace, 'public'))),
    });
    assert.match(told, /butler\/process\/output/);
    assert.match(JSON.stringify(stage.requests), /plain environment/);
  });

  it('is in no log where the message that brings it is malformed', async () => {
    const write = (text: string) => client.process.stdin?.write(text);
    const frame = (body: string) => write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    const message = { jsonrpc: '2.0', methud: setSecret.method, params: { value: unread } };
    frame(JSON.stringify(message));
    frame(JSON.stringify({ ...message, id: 7 }));
    frame(JSON.stringify([message]));
    frame(JSON.stringify(unread));
    frame(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: 1, message: unread, data: message } }));
    frame(`{"jsonrpc":"2.0","method":"${setSecret.method}","params":{"value":"${unread}"`);
    frame(JSON.stringify({ jsonrpc: '2.0', method: setSecret.method, params: { value: unread } }));
    frame(JSON.stringify({ jsonrpc: '2.0', method: 'textDocument/didChange', params: [unread] }));
    const wrong = client.connection.sendRequest(setSecret.method, { provider: 'openai', valeu: unread });
    await assert.rejects(wrong);
    assert.match(told, /neither a response nor a notification/);
    nowhere([unread], { told });
  });

  it('is in no log where the worker stumbles over what nobody expected', async () => {
    client.process.kill('SIGUSR2');
    await until(() => /Unhandled: Error: .*Uncaught: Error: |Uncaught: .*Unhandled: /s.test(told));
    nowhere(Object.values(canaries), { told });
  });

  it('is in no file of the store but the one that is for secrets', async () => {
    for (const file of await readdir(stage.home, { recursive: true, withFileTypes: true })) {
      const at = path.join(file.parentPath, file.name);
      if (!file.isFile() || at === stage.butler.config.secretsFile) continue;
      nowhere([...Object.values(canaries), unread], { [at]: await readFile(at, 'latin1') });
    }
  });
});

/** Makes the worker stumble at a signal: what it throws and rejects with tells a key. */
const stumbling = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => {
  const key = ${JSON.stringify([...canaries.kept])}.join('');
  Promise.reject(new Error(key));
  setImmediate(() => { throw new Error(key); });
})`)}`;

const commandLines = [
  ['jobs'],
  ['activity'],
  ['activity', '--csv'],
  ['journal', 'list'],
  ['journal', 'export'],
  ['mcp', 'list'],
  ['providers', 'list'],
  ['doctor'],
];

/** Looks at what a command finds in its environment through another alphabet, in which nobody knows a secret. */
const environment =
  'cat notes.txt; sleep 0.3; cat notes.txt; env | tr a-y b-z; printf "%s\\n" "plain environment"';

const script = [
  calls(['read_file', { path: 'notes.txt' }]),
  calls(['run_command', { command: environment }]),
  calls(['write_file', { path: 'copy.txt', content: `again ${canaries.kept} ${canaries.account}` }]),
  calls([
    'save_deliverable',
    { title: `Plain ${canaries.kept}`, files: [{ path: 'plain.md', from: 'plain.md' }] },
  ]),
  does((asked) => [['publish', { deliverable: asked.deliverable() }]]),
  says(`Yours are ${canaries.kept} and ${canaries.account}.`),
];

/** Connects an account of a target, in another process than the worker's. */
async function connectAccount({ butler }: ModelStage): Promise<void> {
  const [local] = butler.targets;
  assert.ok(local);
  const field = { name: 'token', title: 'Token', description: 'A token.', optional: false, lines: false };
  const account = { id: 'shelf a', title: 'A', fields: [field], help: 'Enter it.', signIn: false };
  const shelf = { ...local, name: 'shelf', config: z.strictObject({}), account: () => account };
  const values = { token: canaries.account };
  const connected = await connect(
    { ...butler, targets: [shelf] },
    { type: 'shelf', config: {}, values },
    'person:test',
  );
  assert.ok(connected.ok);
}

function talkativeIn(home: string): string {
  return path.join(home, '..', 'talkative.cjs');
}

/** Adds a server that notes its environment, complains with a key of the person, and ends. */
async function addTalkative({ butler }: ModelStage): Promise<void> {
  const seen = `require('fs').writeFileSync(__filename + '.env', JSON.stringify(process.env))`;
  const code = `${seen}; console.error('I know ' + ${JSON.stringify(canaries.kept)}); process.exit(3)`;
  const file = talkativeIn(butler.config.home);
  await writeFile(file, code);
  const transport: McpServer['transport'] = {
    kind: 'stdio',
    command: process.execPath,
    args: [file],
    env: {},
  };
  const saved = await saveServer(butler, { name: 'talkative', enabled: true, transport }, 'person:test');
  assert.ok(saved.ok);
}

async function published(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const texts = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => {
      const at = path.join(parentPath, name);
      return [at, await readFile(at, 'latin1')] as const;
    });
  return Object.fromEntries(await Promise.all(texts));
}
