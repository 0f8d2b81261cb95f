import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { adminStream } from '../../protocol/journal.ts';
import type { McpPin, McpServer, McpState } from '../../protocol/mcp.ts';
import type { Draft } from '../ports/store.ts';
import { bareSecret } from './bareSecret.ts';
import { secretNameOf, secretsIn, transportText } from './identity.ts';
import { findServer, type Known, knownServers, placeOf, whyNot } from './known.ts';
import { ownValue } from './ownValue.ts';
import { approveServer, granted, keep, pinned } from './pins.ts';
import type { McpPorts } from './ports.ts';
import { stateOf } from './states.ts';

/** Adds or changes a server of the person, who by that approves what it runs or calls: it is what was typed. */
export async function saveServer(
  ports: McpPorts,
  server: McpServer,
  actor: string,
): Promise<Outcome<McpState>> {
  const fault = bareSecret(server);
  if (fault) return bad(fault);
  const earlier = ownValue(await ports.store.kept('mcpPin'), server.name);
  const text = transportText(server.transport);
  const transport = ports.clock.digest(text);
  await keep(ports, text);
  const before = ownValue(await ports.store.kept('mcpServer'), server.name);
  const forgotten = before ? await forgetSecrets(ports, before, server, actor) : [];
  const known = { server, origin: 'user', key: server.name } as Known;
  const pin: McpPin = { ...earlier, transport, tools: earlier?.tools ?? {} };
  const noted = await ports.store.append([
    { stream: adminStream, type: 'mcp.saved', actor, data: { server } },
    pinned(known, pin, actor),
    ...(await granted(ports, known, actor)),
    ...forgotten,
  ]);
  if (!noted.ok) return noted;
  await ports.mcpHost.end(server.name);
  ports.mcpHost.forgive(server.name);
  return stateNow(ports, server.name, undefined);
}

/** Removes a server of the person with its secrets, and ends it. */
export async function removeServer(ports: McpPorts, name: string, actor: string): Promise<Outcome<void>> {
  const found = await findServer(ports, name, undefined);
  if (!found.ok) return found;
  const forgotten = await forgetSecrets(ports, found.value.server, null, actor);
  const removed: Draft = { stream: adminStream, type: 'mcp.removed', actor, data: { name } };
  const noted = await ports.store.append([removed, ...forgotten]);
  await ports.mcpHost.end(name);
  return noted.ok ? good(undefined) : noted;
}

/** Approves a server, or tools of it, exactly as they were shown; then it is started to see what it offers. */
export async function approve(
  ports: McpPorts,
  request: { name: string; workspace?: string | undefined; pin: McpPin },
  actor: string,
): Promise<Outcome<McpState>> {
  const workspace = inHand(ports, request.workspace);
  if (!workspace.ok) return workspace;
  const found = await findServer(ports, request.name, workspace.value);
  if (!found.ok) return found;
  const approved = await approveServer(ports, found.value, request.pin, actor);
  return approved.ok ? stateNow(ports, request.name, workspace.value, true) : approved;
}

/** Keeps a secret of a server for the place where it is now; an empty value takes it out. */
export async function setServerSecret(
  ports: McpPorts,
  request: { server: string; workspace?: string | undefined; name: string; value: string },
  actor: string,
): Promise<Outcome<{ where: string }>> {
  const workspace = inHand(ports, request.workspace);
  if (!workspace.ok) return workspace;
  const found = await findServer(ports, request.server, workspace.value);
  if (!found.ok) return found;
  const wanted = secretsIn(found.value.server.transport);
  if (!wanted.includes(request.name)) {
    const mend = `It wants: ${wanted.join(', ') || 'none'}. Name one in its set-up as \${secret:NAME}.`;
    return bad(failures.invalid('name', `"name": the server wants no secret "${request.name}".`, mend));
  }
  const name = secretNameOf(found.value, request.name);
  const value = request.value.trim();
  if (value === '') await ports.secrets.remove(name);
  const where = value === '' ? nowhere : (await ports.secrets.set(name, value)).about;
  const noted = await ports.store.append([secretChanged(name, where, actor)]);
  if (!noted.ok) return noted;
  await ports.mcpHost.end(found.value.key);
  ports.mcpHost.forgive(found.value.key);
  return good({ where });
}

/** Asks an approved server for one of its prompts, as text to hand over. */
export async function readPrompt(
  ports: McpPorts,
  request: {
    server: string;
    workspace?: string | undefined;
    prompt: string;
    arguments: Record<string, string>;
  },
): Promise<Outcome<{ text: string }>> {
  const workspace = inHand(ports, request.workspace);
  if (!workspace.ok) return workspace;
  const found = await findServer(ports, request.server, workspace.value);
  if (!found.ok) return found;
  const fault = whyNot(found.value);
  if (fault) return bad(fault);
  const asked = await ports.mcpHost.prompt(placeOf(ports, found.value), request.prompt, request.arguments);
  return asked.ok ? good({ text: asked.value }) : asked;
}

/** Takes out the secrets of a server that none has any use for as it is set up next; answers what the journal says. */
async function forgetSecrets(
  { secrets }: McpPorts,
  before: McpServer,
  next: McpServer | null,
  actor: string,
): Promise<Draft[]> {
  const namesOf = (server: McpServer) =>
    secretsIn(server.transport).map((name) => secretNameOf({ server }, name));
  const still = next ? namesOf(next) : [];
  const forgotten: Draft[] = [];
  for (const name of namesOf(before).filter((one) => !still.includes(one))) {
    if ((await secrets.get(name)) === null) continue;
    await secrets.remove(name);
    forgotten.push(secretChanged(name, nowhere, actor));
  }
  return forgotten;
}

async function stateNow(
  ports: McpPorts,
  name: string,
  workspace: string | undefined,
  connect = false,
): Promise<Outcome<McpState>> {
  const { servers } = await knownServers(ports, ports.workspaces());
  const found = servers.find((one) => one.server.name === name && one.workspace === workspace);
  if (!found) return bad(failures.notFound('MCP server', name));
  return good(await stateOf(ports, found, servers, connect));
}

/** Only folders in hand are read: no client names another. */
function inHand(ports: McpPorts, workspace: string | undefined): Outcome<string | undefined> {
  if (workspace === undefined || ports.workspaces().includes(workspace)) return good(workspace);
  const what = `"workspace": the folder ${workspace} is not open.`;
  return bad(failures.invalid('workspace', what, 'Name a workspace folder that is open.'));
}

const nowhere = 'nowhere';

function secretChanged(name: string, where: string, actor: string): Draft {
  return { stream: adminStream, type: 'secret.changed', actor, data: { name, where } };
}
