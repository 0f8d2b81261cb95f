// An MCP server that does what a script says, over its input and output: `node scriptedServer.mjs <script> <notes>`.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [scriptFile, notesFile] = process.argv.slice(2);
const script = () => JSON.parse(readFileSync(scriptFile, 'utf8'));
const note = (what) => appendFileSync(notesFile, `${JSON.stringify(what)}\n`);
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

let current = null;
const { stubborn, child } = script();
note({ pid: process.pid, env: process.env, cwd: process.cwd() });
if (stubborn) {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
}
if (child) {
  for (const detached of [false, true]) {
    const other = spawn('sleep', ['600'], { stdio: 'ignore', detached });
    other.unref();
    note({ child: other.pid });
  }
}
if (!fail('start')) listen();

function listen() {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => take(JSON.parse(line)));
  lines.on('close', () => stubborn || process.exit(0));
}

/** Fails as the script says; answers whether it did. */
function fail(at, id) {
  const { fails } = script();
  if (fails?.at !== at) return false;
  const acts = {
    crash: () => {
      process.stderr.write(`it fell over at ${at}\n`);
      process.exit(3);
    },
    hang: () => setInterval(() => undefined, 1000),
    garbage: () => {
      for (let count = 0; count < 300; count++) process.stdout.write('{ this is no message\n');
    },
    wrongId: () => say({ id: 'nobody', result: {} }),
    twice: () => {
      say({ id, result: { content: [{ type: 'text', text: 'first' }] } });
      say({ id, result: { content: [{ type: 'text', text: 'second' }] } });
    },
    huge: () => process.stdout.write('x'.repeat(9 * 1024 * 1024)),
  };
  acts[fails.how]();
  return true;
}

function take({ id, method, params, error }) {
  note({ method, params, error });
  if (error !== undefined || method === undefined) return;
  const answer = handlers[method];
  if (!answer) {
    if (id !== undefined) say({ id, error: { code: -32601, message: 'Method not found' } });
    return;
  }
  const result = answer(params ?? {}, id);
  if (result !== undefined && id !== undefined) say({ id, result });
}

const handlers = {
  initialize: ({ protocolVersion }, id) =>
    fail('initialize', id)
      ? undefined
      : {
          protocolVersion,
          capabilities: {
            tools: { listChanged: true },
            ...(script().resources ? { resources: {} } : {}),
            ...(script().prompts ? { prompts: {} } : {}),
          },
          serverInfo: { name: 'scripted', version: '1' },
        },
  'notifications/initialized': () => {
    const { asks = [], flood = 0 } = script();
    for (const [index, method] of asks.entries()) say({ id: `ask-${index}`, method, params: {} });
    for (let count = 0; count < flood; count++) say({ method: 'notifications/tools/list_changed' });
  },
  ping: () => ({}),
  'tools/list': ({ cursor }, id) => {
    if (fail('list', id)) return undefined;
    const { tools = [], endless } = script();
    const next = endless ? { nextCursor: `page-${Number(cursor?.slice(5) ?? 0) + 1}` } : {};
    return { tools: current ?? tools, ...next };
  },
  'tools/call': ({ name, _meta }, id) => {
    if (fail('call', id)) return undefined;
    const { answers = {}, changesTo, steps = 0 } = script();
    if (changesTo) {
      current = changesTo;
      say({ method: 'notifications/tools/list_changed' });
    }
    const { progressToken } = _meta ?? {};
    const result = answers[name] ?? { content: [{ type: 'text', text: `did ${name}` }] };
    if (steps === 0) return result;
    for (let step = 1; step <= steps; step++) {
      const params = { progressToken, progress: step, total: steps };
      setTimeout(() => say({ method: 'notifications/progress', params }), step * 20);
    }
    setTimeout(() => say({ id, result }), 500);
    return undefined;
  },
  'resources/list': () => ({
    resources: (script().resources ?? []).map(({ uri, name }) => ({ uri, name })),
  }),
  'resources/read': ({ uri }) => ({
    contents: [{ uri, text: script().resources?.find((one) => one.uri === uri)?.text ?? `asked for ${uri}` }],
  }),
  'prompts/list': () => ({ prompts: (script().prompts ?? []).map(({ name }) => ({ name })) }),
  'prompts/get': ({ name }) => ({
    messages: [
      {
        role: 'user',
        content: { type: 'text', text: script().prompts?.find((one) => one.name === name)?.text ?? '' },
      },
    ],
  }),
};
