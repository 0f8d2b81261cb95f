import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { commandEnvironment } from '../../sandbox/environment.ts';
import { type Limits, limitsOf, limitsShown } from '../../sandbox/limits.ts';
import { findSpot, isWithin } from '../files/places.ts';
import { effectsOf } from './effects.ts';
import type { CommandParts } from './parts.ts';
import { systemShell } from './shell.ts';

/** A call of the tool, its input checked. */
export interface CommandInput {
  readonly command: string;
  readonly cwd?: string | undefined;
  readonly background?: boolean | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly seconds?: number | undefined;
}

/** A command with everything worked out that makes it exactly this one. */
export interface Order {
  /** Absolute real path, and as a person knows it. */
  readonly cwd: string;
  readonly shownCwd: string;
  readonly words: readonly string[];
  readonly limits: Limits;
  readonly hosts: readonly string[];
  readonly effects: readonly Effect[];
  /** Why no sandbox holds it; `null` where one does. */
  readonly unheld: string | null;
  /** Why what it changes cannot be taken back; `null` where it can. */
  readonly lasting: string | null;
  /** What it is started with where no sandbox gives it another one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether guarded files that it makes are put aside at its end. */
  readonly putsAside: boolean;
  /** JSON values that an approval covers. */
  readonly exactly: unknown;
}

const usualSeconds = 120;
const usualBackgroundSeconds = 3600;

/** Works out a command: its folder, its limits, what holds it, what it does as far as anybody can tell. */
export async function orderOf(
  input: CommandInput,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<Order>> {
  const { workspace, ownFolders, signal } = context;
  const spot = await findSpot(input.cwd ?? '.', context, 'cwd');
  if (!spot.ok) return spot;
  const cwd = spot.value;
  const isFolder = (await stat(cwd.path).catch(() => null))?.isDirectory() ?? false;
  if (cwd.place !== 'workspace' || !isFolder) return bad(noFolder(cwd.shown));
  const shell = systemShell(parts.environment);
  const words = shell.words(input.command);
  const checked = await parts.sandbox.check(workspace, signal);
  const kept = await reversibility(input, parts, context);
  const understanding = await parts.understand(
    shell.name,
    await parts.parser.parse(shell.name, input.command),
    input.command,
  );
  const asked = [...new Set((input.hosts ?? []).map((host) => host.toLowerCase()))].sort();
  const ground = { workspace, ownFolders };
  const known = input.background
    ? { ...understanding, unclear: [...understanding.unclear, unwatched] }
    : understanding;
  const effects = await effectsOf(input.command, known, {
    cwd: cwd.path,
    ground,
    sandboxed: checked.ok,
    reversible: kept === null,
    missed: async (paths) => (await parts.snapshots?.missed(workspace, paths, signal)) ?? paths,
    hosts: asked,
    scratch: checked.ok ? parts.sandbox.scratch : null,
  });
  const usual = input.background ? usualBackgroundSeconds : usualSeconds;
  const limits = limitsOf(input.seconds ?? usual);
  const environment = commandEnvironment({
    from: parts.environment,
    never: [workspace, ...ownFolders.filter((folder) => !isWithin(workspace, folder))],
    home: homedir(),
    scratch: parts.environment.TMPDIR ?? (process.platform === 'win32' ? homedir() : '/tmp'),
  });
  return good({
    cwd: cwd.path,
    shownCwd: cwd.shown,
    words,
    limits,
    hosts: effects.flatMap((effect) => (effect.kind === 'network' ? [effect.host] : [])),
    effects,
    unheld: checked.ok ? null : `${checked.failure.what} ${checked.failure.mend}`,
    lasting: kept,
    environment,
    putsAside: !input.background,
    exactly: {
      words,
      cwd: cwd.path.split(path.sep).join('/'),
      environment: hash('sha256', JSON.stringify(environment)),
      profile: checked.ok ? checked.value : null,
      limits: JSON.stringify(limits),
      background: input.background ?? false,
      hosts: asked,
    },
  });
}

/** What a person is shown before it: the whole command, then how it would run. */
export function orderShown({ command, background }: CommandInput, order: Order): string {
  const { unheld, lasting, hosts, limits, shownCwd } = order;
  const network = hosts.length > 0 ? `network: ${hosts.join(', ')} only` : 'no network';
  const held = unheld
    ? `NOT held by a sandbox: ${unheld}`
    : `Held by a sandbox: writes in the workspace only, ${network}`;
  return [
    command,
    '',
    held,
    `Folder: ${shownCwd}`,
    `Limits: ${limitsShown(limits)}${background ? ', in the background until the job ends' : ''}`,
    lasting ? `Cannot be undone: ${lasting}` : undoneShown(order),
  ].join('\n');
}

/** What undo would bring back, and what not. */
function undoneShown({ effects }: Order): string {
  const lost = effects.flatMap((one) =>
    'shown' in one && 'reversible' in one && !one.reversible ? [one.shown] : [],
  );
  if (lost.length === 0) return 'Can be undone';
  const more = lost.length > mostNamed ? ` and ${lost.length - mostNamed} more` : '';
  const names = `${lost.slice(0, mostNamed).join(', ')}${more}`;
  return `Cannot be undone for ${names}: what ignore files name, repositories of their own, pipes and sockets are not kept`;
}

/** Names in a line. */
const mostNamed = 5;

/** What a person must know of what goes on beside the job, when nobody looks at it (SECURITY S1). */
const unwatched = 'It goes on in the background, and files that it makes there are not looked at.';

/** Why a command could not be taken back; `null` where it can. */
async function reversibility(
  { background }: CommandInput,
  { snapshots }: CommandParts,
  { workspace, signal }: ToolContext,
): Promise<string | null> {
  if (background) return 'it goes on in the background.';
  if (!snapshots) return 'no snapshots are kept here.';
  const checked = await snapshots.check(workspace, signal);
  return checked.ok ? null : checked.failure.what;
}

function noFolder(shown: string) {
  return failures.invalid(
    'cwd',
    `"cwd": ${shown} is no folder of the workspace.`,
    'Name one, or leave it out.',
  );
}
