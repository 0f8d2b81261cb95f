import type { Failure } from '../../protocol/failure.ts';
import type { McpProblem, McpState, McpTool } from '../../protocol/mcp.ts';
import { revealed } from '../../protocol/reveal.ts';
import type { McpStanding } from '../ports/mcp.ts';
import { shownDefinition } from './definition.ts';
import { transportText } from './identity.ts';
import { type Known, knownServers, placeOf } from './known.ts';
import { ownValue } from './ownValue.ts';
import { pinFirst, takenBeside } from './pins.ts';
import type { McpPorts } from './ports.ts';
import { standingsOf, type ToolStanding } from './standing.ts';

/** Lists every server and how it stands; with `connect`, those approved are started, all at once. */
export async function listServers(
  ports: McpPorts,
  connect: boolean,
): Promise<{ servers: McpState[]; problems: McpProblem[] }> {
  const { servers, problems } = await knownServers(ports, ports.workspaces());
  const states = await Promise.all(servers.map((known) => stateOf(ports, known, servers, connect)));
  return { servers: states, problems };
}

/** How one server stands; with `connect` it is started where that was approved, whatever happened before. */
export async function stateOf(
  ports: McpPorts,
  known: Known,
  all: readonly Known[],
  connect: boolean,
): Promise<McpState> {
  let { pin } = known;
  if (connect && known.isApproved) {
    const offered = await ports.mcpHost.offer(placeOf(ports, known));
    if (offered.ok) pin = (await pinFirst(ports, known, all, offered.value)) ?? pin;
  }
  const standing = ports.mcpHost.standing(known.key);
  const isRunning = known.isApproved && standing.offer !== null;
  const offer = isRunning ? standing.offer : null;
  const { digest } = ports.clock;
  const measure = { server: known.server.name, pin, taken: takenBeside(ports, known, all), digest };
  const standings = standingsOf(offer?.tools ?? [], measure);
  const approved = pin ? await textOf(ports, pin.transport) : null;
  const { server, origin, workspace } = known;
  return {
    server,
    origin,
    ...(workspace === undefined ? {} : { workspace }),
    transport: known.digest,
    now: shownDefinition(transportText(server.transport)),
    approved: approved === null ? null : shownDefinition(approved),
    ...runningState(known, standing, (text) => revealed(ports.redactor.clean(text))),
    tools: await Promise.all(standings.map((one) => toolState(ports, one, pin?.tools))),
    resources: (offer?.resources ?? []).map(({ uri, name, description }) => ({
      uri: revealed(uri),
      name: revealed(name),
      description: revealed(description),
    })),
    prompts: (offer?.prompts ?? []).map((prompt) => ({
      name: revealed(prompt.name),
      description: revealed(prompt.description),
      arguments: prompt.arguments.map((one) => ({
        ...one,
        name: revealed(one.name),
        description: revealed(one.description),
      })),
    })),
  };
}

function runningState(
  known: Known,
  { state, failure }: McpStanding,
  shown: (text: string) => string,
): { state: McpState['state']; failure: Failure | null } {
  if (known.fault) return { state: 'failed', failure: known.fault };
  if (!known.server.enabled) return { state: 'off', failure: null };
  if (!known.isApproved) return { state: 'unapproved', failure: null };
  return { state, failure: failure && { ...failure, what: shown(failure.what) } };
}

async function toolState(
  ports: McpPorts,
  { definition, text, digest, called, state }: ToolStanding,
  pins: Readonly<Record<string, string>> | undefined,
): Promise<McpTool> {
  const pinned = ownValue(pins, definition.name);
  const approved = pinned === undefined ? null : await textOf(ports, pinned);
  return {
    name: revealed(definition.name),
    description: revealed(definition.description),
    called,
    state,
    digest,
    definition: shownDefinition(text),
    approved: approved === null ? null : shownDefinition(approved),
  };
}

/** The text of a digest, as it was kept with its approval. */
async function textOf({ store }: McpPorts, digest: string): Promise<string | null> {
  const bytes = await store.blobs.get(digest);
  return bytes ? new TextDecoder().decode(bytes) : null;
}
