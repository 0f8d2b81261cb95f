import { constants, access as reach } from 'node:fs/promises';
import type { Runtime, RuntimeEvent, RuntimeOrder } from '../../core/ports/runtime.ts';
import { type Failure, failures } from '../../protocol/failure.ts';
import { findProgram } from '../tools/reports/program.ts';
import { type AgentFolder, makeAgentFolder } from './pi/agentFolder.ts';
import { type Conversation, holdConversation } from './pi/conversation.ts';
import { type Access, modelsFor, providerName } from './pi/model.ts';
import { LineTooLong, type PiProcess, startPi } from './pi/piProcess.ts';
import { readRecord } from './pi/records.ts';
import { tools } from './pi/tools.ts';

/** What the runtime wants to know. */
export interface PiOptions {
  /** Our own folder, where pi's agent directory is made for each run. */
  readonly home: string;
  /** `BUTLER_PI` names the program where it is not on the PATH; a workspace can say nothing of it (SECURITY S4). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How a provider is reached, by its name. */
  access(provider: string): Promise<Access>;
}

/**
 * The coding agent pi over its RPC mode (https://pi.dev, docs/rpc.md). It loads nothing of the workspace's or the
 * person's own, and its tools are those of our extension, which ask before they do anything.
 */
export function createPi(options: PiOptions): Runtime {
  return {
    name: 'pi',
    title: 'pi',
    tools,
    run: (order, signal) => {
      const said: string[] = [];
      const listener: Pick<Conversation, 'say'> = { say: (text) => void said.push(text) };
      const opened = (conversation: Conversation) => {
        listener.say = conversation.say;
        said.forEach(conversation.say);
      };
      return { events: work(options, order, signal, opened), say: (text) => listener.say(text) };
    },
  };
}

async function* work(
  { home, environment, access }: PiOptions,
  order: RuntimeOrder,
  signal: AbortSignal,
  opened: (conversation: Conversation) => void,
): AsyncGenerator<RuntimeEvent> {
  const program = await programFor(environment.BUTLER_PI, order.workspace);
  if (!program) return yield { kind: 'failed', failure: notFound };
  const models = modelsFor(order, await access(order.provider.name));
  if (!models.ok) return yield { kind: 'failed', failure: models.failure };
  const folder = await makeAgentFolder(home, { ...order, models: models.value });
  const pi = start(program, order, folder);
  const late = setTimeout(() => void pi.end(0), longestStart);
  const begun = () => {
    clearTimeout(late);
    folder.forgetKey();
  };
  const conversation = holdConversation(order, pi.send, begun);
  const stop = () => {
    conversation.abort();
    void pi.end(graceAfterAbort);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    opened(conversation);
    conversation.open();
    if (signal.aborted) stop();
    yield* events(pi, conversation);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(late);
    await pi.end(graceAtEnd);
    await folder.remove();
  }
}

/** How long pi may take to start, and to end by itself, in ms. */
const longestStart = 60_000;
const graceAfterAbort = 300;
const graceAtEnd = 2_000;

/** Lines that cannot be read are passed over, so many of them. */
const mostUnreadable = 20;

async function* events(pi: PiProcess, conversation: Conversation): AsyncGenerator<RuntimeEvent> {
  let unreadable = 0;
  try {
    for await (const line of pi.lines) {
      const record = readRecord(line);
      if (record === undefined) unreadable++;
      if (unreadable > mostUnreadable) return yield { kind: 'failed', failure: garbled };
      for (const event of record ? conversation.take(record) : []) {
        yield event;
        if (event.kind === 'done' || event.kind === 'failed') return;
      }
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    return yield { kind: 'failed', failure: garbled };
  }
  yield { kind: 'failed', failure: endedEarly(await pi.ended) };
}

function start(program: string, order: RuntimeOrder, folder: AgentFolder): PiProcess {
  const args = [
    ...['--mode', 'rpc', '--no-session', '--offline', '--provider', providerName, '--model', order.model],
    ...['--no-builtin-tools', '--extension', folder.gate],
    ...['--no-extensions', '--no-skills', '--no-prompt-templates', '--no-themes'],
    ...['--no-context-files', '--no-approve'],
  ];
  const env = {
    ...environmentOf(process.env),
    PI_CODING_AGENT_DIR: folder.path,
    PI_TELEMETRY: '0',
    PI_SKIP_VERSION_CHECK: '1',
  };
  return startPi({ program, args, mark: folder.path }, { cwd: order.workspace, env });
}

/** What pi and the commands that it runs need of the environment; keys are not among it. */
const needed = new Set(
  `PATH HOME USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TZ TERM TMPDIR TEMP TMP SystemRoot ComSpec PATHEXT
  USERPROFILE APPDATA LOCALAPPDATA HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
  NODE_EXTRA_CA_CERTS SSL_CERT_FILE`.split(/\s+/),
);

function environmentOf(all: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      needed.has(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

async function programFor(named: string | undefined, workspace: string): Promise<string | null> {
  if (!named) return findProgram('pi', workspace);
  return reach(named, constants.X_OK).then(
    () => named,
    () => null,
  );
}

const notFound = failures.tool(
  'pi was not found.',
  'Install it with "npm install -g @earendil-works/pi-coding-agent", or name the program in BUTLER_PI.',
);

const garbled = failures.malformed('pi', 'lines that are no records of its protocol.');

function endedEarly(how: string): Failure {
  const what = `pi ended in the middle of its work (${how}).`;
  return failures.tool(what, 'What was done so far stands in the journal; try again.');
}
