import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { saveServer } from '../../server/core/mcp/servers.ts';
import type { McpPlace } from '../../server/core/ports/mcp.ts';
import { good } from '../../server/protocol/failure.ts';
import type { McpTransport } from '../../server/protocol/mcp.ts';
import { type Manner, openAddress } from '../contracts/mcp/address.ts';
import { person, scripted, shortHost, value } from '../contracts/mcp/mcpStage.ts';
import type { Noted, Script } from '../contracts/mcp/script.ts';
import { gone } from '../support/gone.ts';
import { withStage } from './mcpCalls.ts';

/** A server that sends everybody elsewhere, where nobody may go. */
export async function redirected(text: string): Promise<string> {
  const other = await openAddress();
  const address = await openAddress({ redirect: { status: Number(text), to: other.url } });
  try {
    return await withStage('allow', async (stage) => {
      const transport: McpTransport = { kind: 'http', url: address.url, headers: {} };
      value(await saveServer(stage.butler, { name: 'one', enabled: true, transport }, person));
      const { state, failure } = await stage.look('one');
      if (other.requests.length > 0) return 'followed';
      return failure?.what.includes('edirect') ? state : 'unsaid';
    });
  } finally {
    await Promise.all([address.close(), other.close()]);
  }
}

/** A server at an address that answers in a manner of its own. */
export async function atAddress(manner: Manner): Promise<string> {
  const address = await openAddress({ manner });
  const folder = await scratch();
  const host = shortHost(folder, longEnough);
  try {
    const open = async () => good({ kind: 'http' as const, url: address.url, headers: {} });
    const place = { key: 'one', digest: 'd', open };
    const control = { signal: new AbortController().signal, progress: () => undefined };
    const called = await host.call(place, 'look', {}, control);
    return called.ok && called.value === 'did look' ? 'data' : 'failed';
  } finally {
    await host.close();
    await address.close();
    await rm(folder, { recursive: true });
  }
}

/** Plays a script with short limits; the server must be given up, and be gone. */
export function failing(script: Script): Promise<string> {
  return withHost(script, async (place, host) => {
    const control = { signal: new AbortController().signal, progress: () => undefined };
    const called = await host.call(place, 'look', {}, control);
    return called.ok ? 'data' : 'failed';
  });
}

/** Plays a script under which a call still comes to what is wanted. */
export function playing(script: Script, wanted = 'did look'): Promise<string> {
  return withHost(script, async (place, host) => {
    const control = { signal: new AbortController().signal, progress: () => undefined };
    const called = await host.call(place, 'look', {}, control);
    return called.ok && called.value === wanted ? 'data' : 'failed';
  });
}

async function withHost(
  script: Script,
  work: (place: McpPlace, host: ReturnType<typeof shortHost>) => Promise<string>,
): Promise<string> {
  const folder = await scratch();
  const host = shortHost(path.join(folder, 'private'), longEnough);
  await writeFile(path.join(folder, 'one.json'), JSON.stringify(script));
  const open = async () => good(scripted(folder, 'one'));
  const came = await work({ key: 'one', digest: 'd', open }, host);
  await host.close();
  const lines = readFileSync(path.join(folder, 'one.notes'), 'utf8').trim().split('\n');
  const pids = lines.flatMap((line) => (JSON.parse(line) as Noted).pid ?? []);
  await gone(...pids);
  await rm(folder, { recursive: true });
  return came;
}

const scratch = async () => realpath(await mkdtemp(path.join(tmpdir(), 'butler-mcp-')));

/** How long a server that never answers is waited for, in ms; one that does must have begun by then. */
const longEnough = 3_000;
