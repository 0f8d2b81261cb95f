import type { Ability } from '../../protocol/ability.ts';
import type { McpDefinition } from '../ports/mcp.ts';
import type { Tool } from '../ports/tool.ts';
import { holderOf, needsOf } from './identity.ts';
import { type Known, knownServers, placeOf } from './known.ts';
import { calledName, isAllowed, mayUse } from './names.ts';
import { pinFirst, takenBeside } from './pins.ts';
import type { McpPorts } from './ports.ts';
import { standingsOf, type ToolStanding } from './standing.ts';
import { resourceTool, serverTool } from './tool.ts';
import { unlessStopped } from './unlessStopped.ts';

/** The most tools of servers that a job is told of; every request carries them. */
const mostTools = 100;

/**
 * The tools of servers that a job may use: pinned ones of approved servers, of the person and of the job's own
 * workspace folder, whose permissions stand. What was pinned before is known without starting anything.
 */
export async function jobTools(
  ports: McpPorts,
  workspace: string,
  { tools: names }: Pick<Ability, 'tools'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Tool[]> {
  const { servers } = await knownServers(ports, [workspace]);
  if (servers.length === 0) return [];
  const permissions = await ports.store.kept('permission');
  const isGranted = (known: Known) =>
    needsOf(known.server).every(
      ({ permission }) =>
        permissions[`${holderOf(known, ports.clock.digest)} ${permission}`]?.granted === true,
    );
  const usable = servers.filter((known) => known.isApproved && isGranted(known));
  const wanted = usable.filter(({ server }) => mayUse(names, server.name));
  const none = { tools: [], resources: false };
  const found = await Promise.all(
    wanted.map((known) => unlessStopped(pinnedTools(ports, known, servers), signal, none)),
  );
  const tools = wanted.flatMap((known, index) =>
    (found[index]?.tools ?? []).map((standing) => serverTool(ports, known, standing) as Tool),
  );
  const readable = usable.filter((known) => {
    const at = wanted.indexOf(known);
    return at >= 0 ? found[at]?.resources : known.pin?.resources;
  });
  const resources = readable.length > 0 ? [resourceTool(ports, readable) as Tool] : [];
  return [...tools.toSorted(byName), ...resources]
    .filter(({ name }) => isAllowed(names, name))
    .slice(0, mostTools);
}

/** In one order always, so that a provider's cache knows the request again. */
function byName({ name: one }: Tool, { name: other }: Tool): number {
  return one < other ? -1 : 1;
}

type Pinned = Pick<ToolStanding, 'definition' | 'digest' | 'called'>;

/** What is pinned of a server; one of which nothing is pinned yet is started for its first use. */
async function pinnedTools(
  ports: McpPorts,
  known: Known,
  all: readonly Known[],
): Promise<{ tools: readonly Pinned[]; resources: boolean }> {
  const running = ports.mcpHost.standing(known.key).offer;
  const kept = running ? null : await keptTools(ports, known);
  if (kept) return { tools: kept, resources: known.pin?.resources ?? false };
  const offered = await ports.mcpHost.offer(placeOf(ports, known));
  if (!offered.ok) return { tools: [], resources: false };
  const pin = await pinFirst(ports, known, all, offered.value);
  if (!pin) return { tools: [], resources: false };
  const { digest } = ports.clock;
  const measure = { server: known.server.name, pin, taken: takenBeside(ports, known, all), digest };
  const tools = standingsOf(offered.value.tools, measure).filter(({ state }) => state === 'pinned');
  return { tools, resources: offered.value.hasResources };
}

/** The pinned tools as they were kept with their approval; `null` where there are none, or one was deleted. */
async function keptTools({ store, clock }: McpPorts, { pin, server }: Known): Promise<Pinned[] | null> {
  const pins = Object.entries(pin?.tools ?? {});
  if (pins.length === 0) return null;
  const tools: Pinned[] = [];
  for (const [name, digest] of pins) {
    const bytes = await store.blobs.get(digest);
    if (!bytes) return null;
    const definition = JSON.parse(new TextDecoder().decode(bytes)) as McpDefinition;
    tools.push({ definition, digest, called: calledName(server.name, name, clock.digest) });
  }
  return tools;
}
