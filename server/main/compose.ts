import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { type Attaching, openAttaching } from '../adapters/deliverables/attaching.ts';
import { createImages } from '../adapters/images/images.ts';
import { mcpFiles } from '../adapters/mcp/files.ts';
import { createHost } from '../adapters/mcp/host.ts';
import { playbooks } from '../adapters/playbooks/index.ts';
import {
  managedPolicyFile,
  openPolicyFiles,
  type WatchedPolicyFiles,
} from '../adapters/policies/policyFiles.ts';
import type { Processes } from '../adapters/processes/processes.ts';
import type { EditorModels } from '../adapters/providers/editor.ts';
import { runtimes } from '../adapters/runtimes/index.ts';
import { openSecrets } from '../adapters/secrets/openSecrets.ts';
import { storeKey } from '../adapters/secrets/storeKey.ts';
import { openSnapshots } from '../adapters/snapshots/snapshots.ts';
import { openAbilityFiles, type WatchedAbilityFiles } from '../adapters/storage/abilityFiles.ts';
import { openStore } from '../adapters/storage/openStore.ts';
import { systemClock } from '../adapters/systemClock.ts';
import { targets } from '../adapters/targets/index.ts';
import { tools } from '../adapters/tools/index.ts';
import { type AbilityPorts, findAbility, listAbilities, targetFault } from '../core/abilities.ts';
import { type Dispatcher, startDispatcher } from '../core/dispatcher.ts';
import type { Passing, RunPorts } from '../core/jobRun.ts';
import { mcpHolders } from '../core/mcp/holders.ts';
import { jobTools } from '../core/mcp/jobTools.ts';
import type { McpPorts } from '../core/mcp/ports.ts';
import type { PermissionPorts } from '../core/permissions.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Images } from '../core/ports/images.ts';
import type { Sandbox } from '../core/ports/sandbox.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { Editor } from '../core/ports/tool.ts';
import type { ProviderPorts } from '../core/providers.ts';
import { createRedactor } from '../core/redaction.ts';
import type { SessionPorts } from '../core/sessions.ts';
import { credentialOf, type TargetPorts } from '../core/targets.ts';
import type { UndoRoomPorts } from '../core/undoQuota.ts';
import type { Ability, AbilityProblem } from '../protocol/ability.ts';
import { good, type Outcome } from '../protocol/failure.ts';
import type { Playbook } from '../protocol/plan.ts';
import type { Mode } from '../protocol/policy.ts';
import { openCommands } from './commandParts.ts';
import type { Config } from './config.ts';
import { reading } from './damage.ts';
import { cleanCause, cleanStore, environmentSecrets, watchedSecrets } from './knownSecrets.ts';
import { type NativeParts, settleIn } from './native.ts';
import { openProviders } from './providers.ts';
import { keepUndoRoom } from './undoKeeper.ts';

/** What a surface lends the butler. */
export interface Surface {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute real paths of the workspace folders in hand. */
  workspaces(): readonly string[];
  mode(): Mode;
  readonly editor: Editor | null;
  /** Another file of the machine's owner than the platform's own; for tests only. */
  readonly managedPolicy?: string;
  /** Another clock than the system's. */
  readonly clock?: Clock;
  readonly editorSecrets: {
    get(name: string): Promise<string | null>;
    put(name: string, value: string | null): Promise<void>;
  } | null;
  /** The language models that the editor lends. */
  readonly editorModels?: EditorModels | null;
  /** Shows an address in the person's browser; absent where there is none. */
  openInBrowser?(url: string): Promise<void>;
  emit(passing: Passing): void;
  report(what: string, cause: unknown): void;
}

/** Everything put together: core's ports over the adapters. */
export interface Butler
  extends RunPorts,
    SessionPorts,
    AbilityPorts,
    ProviderPorts,
    PermissionPorts,
    McpPorts,
    TargetPorts,
    UndoRoomPorts {
  readonly config: Config;
  readonly native: NativeParts;
  readonly secrets: Secrets;
  readonly images: Images;
  readonly attaching: Attaching;
  readonly files: WatchedAbilityFiles;
  readonly policyFiles: WatchedPolicyFiles;
  readonly playbooks: readonly Playbook[];
  readonly processes: Processes;
  readonly sandbox: Sandbox;
  readonly worker: string;
  abilities(): Promise<{ abilities: Ability[]; problems: AbilityProblem[] }>;
  /** Begins to claim and run jobs. */
  serve(): Dispatcher;
  close(): Promise<void>;
}

async function nobodyOpens(): Promise<never> {
  throw new Error('There is no browser here to sign in with.');
}

/** How long a lease lasts without a heartbeat, in ms: longer than the store ever keeps a worker waiting. */
const lease = 20_000;
/** Jobs that one worker runs at once. */
const atOnce = 4;

/** Opens the store and joins all parts; what cannot be opened is a failure for the person. */
export async function compose(surface: Surface): Promise<Outcome<Butler>> {
  const { config } = surface;
  const settled = await settleIn(config.home);
  if (!settled.ok) return settled;
  const native = settled.value;
  const clock = surface.clock ?? systemClock;
  const worker = `${hostname()}:${process.pid}:${clock.id()}`;
  const redactor = createRedactor({
    values: environmentSecrets({ ...process.env, ...surface.environment }),
  });
  const places = openSecrets({
    file: config.secretsFile,
    keychain: config.keychain ? native.keyring : undefined,
    editor: surface.editorSecrets ?? undefined,
  });
  const secrets = watchedSecrets(places, redactor);
  const key = await storeKey(secrets, config.storeFile);
  if (!key.ok) return key;
  redactor.learn([Buffer.from(key.value).toString('hex')]);
  const opened = await openStore({
    file: config.storeFile,
    headFile: config.headFile,
    key: key.value,
    clock,
    ...(native.sqlite ? { nativeBinding: native.sqlite } : {}),
  });
  if (!opened.ok) return opened;
  const store = cleanStore(opened.value, secrets, redactor);
  const files = openAbilityFiles(surface.workspaces(), (draft) => targetFault(targets, draft));
  const policyFiles = openPolicyFiles({
    managedFile: surface.managedPolicy ?? managedPolicyFile(process.platform, process.env),
    userFile: config.policyFile,
    folders: surface.workspaces(),
  });
  const { environment } = surface;
  const report: Surface['report'] = (what, cause) =>
    surface.report(redactor.clean(what), cleanCause(redactor, cause));
  const addresses = config.anthropicBaseUrl ? { anthropic: config.anthropicBaseUrl } : {};
  const closeFirst = async () => {
    await files.close();
    await policyFiles.close();
    await store.close();
  };
  const known = await reading(() =>
    openProviders({
      store,
      secrets,
      playbooks,
      editorModels: surface.editorModels ?? null,
      environment,
      addresses,
      report,
    }),
  );
  if (!known.ok) {
    await closeFirst();
    return known;
  }
  const providers = known.value;
  const { workspaces } = surface;
  const mcpHost = createHost({ folder: path.join(config.home, 'mcp'), workspaces });
  const ownFolders = [await realpath(config.home)];
  const snapshots = openSnapshots({ home: config.home });
  const commands = openCommands({
    ground: { home: config.home, ownFolders, environment: process.env, rg: native.rg },
    snapshots,
    store,
    now: clock.now,
    report,
  });
  const dispatchers: Dispatcher[] = [];
  const keepers: ReturnType<typeof keepUndoRoom>[] = [];
  const butler: Butler = {
    config,
    native,
    secrets,
    files,
    policyFiles,
    holders: () => mcpHolders(butler),
    processes: commands.processes,
    sandbox: commands.sandbox,
    snapshots,
    serverTools: (workspace, ability, signal) => jobTools(butler, workspace, ability, signal),
    mcpHost,
    mcpFiles,
    playbooks,
    worker,
    store,
    clock,
    images: createImages(),
    attaching: openAttaching(store.blobs),
    providers: providers.all,
    renewProviders: providers.renew,
    hasKey: providers.hasKey,
    tools: tools({
      rg: native.rg,
      commands: commands.parts,
      assembly: true,
      insight: surface.editor?.insight !== undefined,
      makers: providers.makers,
    }),
    targets,
    credential: (account) => credentialOf({ store, secrets }, account),
    openInBrowser: surface.openInBrowser ?? nobodyOpens,
    runtimes: runtimes({ home: config.home, environment, access: providers.access }),
    editor: surface.editor,
    ownFolders,
    redactor,
    workspaces: surface.workspaces,
    mode: surface.mode,
    emit: surface.emit,
    ability: (id, workspace) => findAbility({ store, files }, id, workspace),
    abilities: () => listAbilities({ store, files }),
    serve: () => {
      const dispatcher = startDispatcher(butler, { worker, workspaces, atOnce, lease, report });
      dispatchers.push(dispatcher);
      keepers.push(keepUndoRoom(butler, report));
      return dispatcher;
    },
    close: async () => {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
      await Promise.all(keepers.map((keeper) => keeper.stop()));
      await commands.close();
      await mcpHost.close();
      await closeFirst();
    },
  };
  return good(butler);
}
