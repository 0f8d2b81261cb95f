import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createHost } from '../../../server/adapters/mcp/host.ts';
import { saveServer } from '../../../server/core/mcp/servers.ts';
import { listServers } from '../../../server/core/mcp/states.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import type { McpServer, McpState } from '../../../server/protocol/mcp.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { type Hand, hire } from '../conversations/crew.ts';
import type { Noted, Script } from './script.ts';

/** The actor of every act of a person in these tests. */
export const person = 'person:test';

/** A butler with servers that do what scripts say. */
export interface McpStage extends Stage {
  /** Writes a script, and answers the server that plays it. */
  script(name: string, script: Script): Promise<McpServer>;
  /** What a scripted server noted, from every time that it ran. */
  notes(name: string): Noted[];
  /** Adds the server of a script as the person does. */
  add(name: string, script: Script): Promise<McpState>;
  /** Writes `.butler/mcp.json` of the workspace. */
  share(content: unknown): Promise<void>;
  /** How every server stands. */
  list(connect?: boolean): Promise<McpState[]>;
  /** How one server stands; started where that was approved. */
  look(name: string): Promise<McpState>;
  /** Puts a worker to work whose model is scripted. */
  work(provider: Provider): Hand;
}

/** Sets the stage on a small workspace of its own. */
export async function setMcpStage({ mode = 'ask' }: { mode?: Mode } = {}): Promise<McpStage> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-mcp-')));
  const workspace = path.join(folder, 'workspace');
  await mkdir(workspace);
  await writeFile(path.join(workspace, 'README.md'), '# A workspace\n');
  const stage = await setStage({ serve: false, mode, workspace });
  const { butler } = stage;
  const hands: Hand[] = [];
  const list = async (connect = false) => (await listServers(butler, connect)).servers;
  const script = async (name: string, what: Script): Promise<McpServer> => {
    await writeFile(path.join(folder, `${name}.json`), JSON.stringify(what));
    return { name, enabled: true, transport: scripted(folder, name) };
  };
  return {
    ...stage,
    script,
    notes: (name) => {
      const file = path.join(folder, `${name}.notes`);
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Noted);
    },
    add: async (name, what) => value(await saveServer(butler, await script(name, what), person)),
    share: async (content) => {
      await mkdir(path.join(workspace, '.butler'), { recursive: true });
      const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
      await writeFile(path.join(workspace, '.butler/mcp.json'), text);
    },
    list,
    look: async (name) => {
      const found = (await list(true)).find(({ server }) => server.name === name);
      if (!found) throw new Error(`There is no server "${name}".`);
      return found;
    },
    work: (provider) => {
      const hand = hire(stage, `hand-${hands.length}`, { providers: () => [provider] });
      hands.push(hand);
      return hand;
    },
    close: async () => {
      await Promise.all(hands.map((hand) => hand.stop()));
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A host by itself with short times, for what a whole stage would hide. */
export function shortHost(folder: string, start = 20_000) {
  const times = { start, quiet: 2_000, call: 4_000, idle: 300, backOff: 60_000 };
  return createHost({ folder, workspaces: () => [], times });
}

/** The transport of a scripted server. */
export function scripted(folder: string, name: string): McpServer['transport'] {
  const server = path.join(import.meta.dirname, 'scriptedServer.mjs');
  const args = [server, path.join(folder, `${name}.json`), path.join(folder, `${name}.notes`)];
  return { kind: 'stdio', command: process.execPath, args, env: {} };
}

/** A tool that takes one word. */
export function tool(name: string, more: Readonly<Record<string, unknown>> = {}) {
  const properties = { word: { type: 'string', description: 'A word.' } };
  return { name, description: `Does ${name}.`, inputSchema: { type: 'object', properties }, ...more };
}

/** How a set-up names a secret. */
export function secretNamed(name: string): string {
  return ['$', `{secret:${name}}`].join('');
}

/** Looks again until there is something to see. */
export async function seen(look: () => boolean): Promise<void> {
  while (!look()) await pause(50);
}

/** The value of an outcome that must be good. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.what} ${outcome.failure.mend}`);
  return outcome.value;
}
