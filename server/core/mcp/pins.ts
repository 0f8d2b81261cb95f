import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { adminStream } from '../../protocol/journal.ts';
import type { McpPin } from '../../protocol/mcp.ts';
import type { McpDefinition, McpOffer } from '../ports/mcp.ts';
import type { Draft } from '../ports/store.ts';
import { holderOf, needsOf, transportText } from './identity.ts';
import { type Known, placeOf } from './known.ts';
import { isPlainName } from './names.ts';
import { ownValue } from './ownValue.ts';
import type { McpPorts } from './ports.ts';
import { firstPins, standingsOf } from './standing.ts';

/** The names that a tool of a server must not take unseen: those built in, and what was approved of other servers. */
export function takenBeside(
  { tools }: Pick<McpPorts, 'tools'>,
  known: Known,
  all: readonly Known[],
): string[] {
  const isBeside = (other: Known) =>
    other.key !== known.key && (other.workspace === undefined || other.workspace === known.workspace);
  const beside = all.filter(isBeside).flatMap(({ pin }) => Object.keys(pin?.tools ?? {}));
  return [...tools.map(({ name }) => name), ...beside];
}

/** At the first use of a server, pins what its tools say they are (SECURITY S8); `null` where that was done before. */
export async function pinFirst(
  ports: McpPorts,
  known: Known,
  all: readonly Known[],
  offer: McpOffer,
): Promise<McpPin | null> {
  const pin = ownValue(await ports.store.kept('mcpPin'), known.key);
  if (pin?.transport !== known.digest) return null;
  if (Object.keys(pin.tools).length > 0 || offer.tools.length === 0) return pin;
  const { digest } = ports.clock;
  const taken = takenBeside(ports, known, all);
  const standings = standingsOf(offer.tools, { server: known.server.name, pin, taken, digest });
  const tools = firstPins(standings);
  if (Object.keys(tools).length === 0) return pin;
  for (const { text } of standings) await keep(ports, text);
  const first: McpPin = { ...pin, tools, resources: offer.hasResources };
  const noted = await ports.store.append([pinned(known, first, 'worker')]);
  return noted.ok ? first : pin;
}

/**
 * Approves exactly what was shown of a server: its transport, and tools by the digests of their definitions.
 * What was approved of other tools before stays, so that one that comes back changed is found.
 */
export async function approveServer(
  ports: McpPorts,
  known: Known,
  shown: McpPin,
  actor: string,
): Promise<Outcome<McpPin>> {
  if (known.fault) return bad(known.fault);
  if (shown.transport !== known.digest) return bad(moved);
  const texts = await definitionsOf(ports, known, shown);
  if (!texts.ok) return texts;
  for (const text of [transportText(known.server.transport), ...texts.value]) await keep(ports, text);
  const earlier = ownValue(await ports.store.kept('mcpPin'), known.key);
  const pin: McpPin = {
    transport: known.digest,
    tools: { ...earlier?.tools, ...shown.tools },
    ...(earlier?.resources === undefined ? {} : { resources: earlier.resources }),
  };
  const noted = await ports.store.append([
    pinned(known, pin, actor),
    ...(await granted(ports, known, actor)),
  ]);
  if (!noted.ok) return noted;
  if (earlier?.transport !== known.digest) await ports.mcpHost.end(known.key);
  ports.mcpHost.forgive(known.key);
  return good(pin);
}

/** The permissions that come with the approval of a server; one that a person took away stays away. */
export async function granted(ports: McpPorts, known: Known, actor: string): Promise<Draft[]> {
  const settled = await ports.store.kept('permission');
  const holder = holderOf(known, ports.clock.digest);
  return needsOf(known.server)
    .filter(({ permission }) => !Object.hasOwn(settled, `${holder} ${permission}`))
    .map(({ permission }) => ({
      stream: adminStream,
      type: 'permission.changed',
      actor,
      data: { holder, permission, granted: true },
    }));
}

/** The entry that a server is pinned by. */
export function pinned(known: Known, pin: McpPin, actor: string): Draft {
  return { stream: adminStream, type: 'mcp.pinned', actor, data: { server: known.key, pin } };
}

/** Keeps a text under its digest, so that a later change can be shown against it. */
export async function keep({ store }: Pick<McpPorts, 'store'>, text: string): Promise<void> {
  await store.blobs.put(new TextEncoder().encode(text));
}

/** The texts of the definitions that were shown, where the server says the same now. */
async function definitionsOf(ports: McpPorts, known: Known, { tools }: McpPin): Promise<Outcome<string[]>> {
  if (Object.keys(tools).length === 0) return good([]);
  if (!known.isApproved) return bad(transportFirst);
  const offered = await ports.mcpHost.offer(placeOf(ports, known));
  if (!offered.ok) return offered;
  const { digest } = ports.clock;
  const measure = { server: known.server.name, pin: undefined, taken: [], digest };
  const now = new Map(standingsOf(offered.value.tools, measure).map((one) => [one.definition.name, one]));
  const texts: string[] = [];
  for (const [name, wanted] of Object.entries(tools)) {
    const standing = now.get(name);
    if (standing?.digest !== wanted) return bad(moved);
    if (!isPlainName(name) || !isOnce(offered.value.tools, name)) return bad(hidden(name));
    texts.push(standing.text);
  }
  return good(texts);
}

function isOnce(tools: readonly McpDefinition[], name: string): boolean {
  return tools.filter((tool) => tool.name === name).length === 1;
}

const moved = failures.conflict(
  'The server is no longer what was shown.',
  'Look at it again, then approve what it is now.',
);

const transportFirst = failures.conflict(
  'What the server runs or calls is not approved yet, so its tools are not known.',
  'Approve the server first, then its tools.',
);

function hidden(name: string) {
  return failures.denied(
    `The tool "${name}" cannot be approved: its name hides something, or stands twice in the list.`,
    'Use another server, or have that one mended.',
  );
}
