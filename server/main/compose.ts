import { mkdir, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createImages } from '../adapters/images/images.ts';
import { playbooks } from '../adapters/playbooks/index.ts';
import type { EditorModels } from '../adapters/providers/editor.ts';
import { runtimes } from '../adapters/runtimes/index.ts';
import { openSecrets } from '../adapters/secrets/openSecrets.ts';
import { storeKey } from '../adapters/secrets/storeKey.ts';
import { openAbilityFiles, type WatchedAbilityFiles } from '../adapters/storage/abilityFiles.ts';
import { openStore } from '../adapters/storage/openStore.ts';
import { systemClock } from '../adapters/systemClock.ts';
import { targets } from '../adapters/targets/index.ts';
import { tools } from '../adapters/tools/index.ts';
import { type AbilityPorts, findAbility, listAbilities } from '../core/abilities.ts';
import { type Dispatcher, startDispatcher } from '../core/dispatcher.ts';
import type { Passing, RunPorts } from '../core/jobRun.ts';
import type { Mode } from '../core/policy.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Images } from '../core/ports/images.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { Editor } from '../core/ports/tool.ts';
import type { ProviderPorts } from '../core/providers.ts';
import type { SessionPorts } from '../core/sessions.ts';
import type { Ability, AbilityProblem } from '../protocol/ability.ts';
import { good, type Outcome } from '../protocol/failure.ts';
import type { Playbook } from '../protocol/plan.ts';
import type { Config } from './config.ts';
import { type NativeParts, nativeParts } from './native.ts';
import { openProviders } from './providers.ts';

/** What a surface lends the butler. */
export interface Surface {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute real paths of the workspace folders in hand. */
  workspaces(): readonly string[];
  mode(): Mode;
  readonly editor: Editor | null;
  /** Another clock than the system's. */
  readonly clock?: Clock;
  readonly editorSecrets: {
    get(name: string): Promise<string | null>;
    put(name: string, value: string | null): Promise<void>;
  } | null;
  /** The language models that the editor lends. */
  readonly editorModels?: EditorModels | null;
  emit(passing: Passing): void;
  report(what: string, cause: unknown): void;
}

/** Everything put together: core's ports over the adapters. */
export interface Butler extends RunPorts, SessionPorts, AbilityPorts, ProviderPorts {
  readonly config: Config;
  readonly native: NativeParts;
  readonly secrets: Secrets;
  readonly images: Images;
  readonly files: WatchedAbilityFiles;
  readonly playbooks: readonly Playbook[];
  readonly worker: string;
  abilities(): Promise<{ abilities: Ability[]; problems: AbilityProblem[] }>;
  /** Begins to claim and run jobs. */
  serve(): Dispatcher;
  close(): Promise<void>;
}

/** How long a lease lasts without a heartbeat, in ms: longer than the store ever keeps a worker waiting. */
const lease = 20_000;
/** Jobs that one worker runs at once. */
const atOnce = 4;

/** Opens the store and joins all parts; what cannot be opened is a failure for the person. */
export async function compose(surface: Surface): Promise<Outcome<Butler>> {
  const { config } = surface;
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const native = await nativeParts(config.home);
  const clock = surface.clock ?? systemClock;
  const worker = `${hostname()}:${process.pid}:${clock.id()}`;
  const secrets = openSecrets({
    file: config.secretsFile,
    keychain: config.keychain ? native.keyring : undefined,
    editor: surface.editorSecrets ?? undefined,
  });
  const key = await storeKey(secrets, config.storeFile);
  if (!key.ok) return key;
  const opened = await openStore({
    file: config.storeFile,
    headFile: config.headFile,
    key: key.value,
    clock,
    ...(native.sqlite ? { nativeBinding: native.sqlite } : {}),
  });
  if (!opened.ok) return opened;
  const store = opened.value;
  const files = openAbilityFiles(surface.workspaces());
  const { environment, report } = surface;
  const addresses = config.anthropicBaseUrl ? { anthropic: config.anthropicBaseUrl } : {};
  const providers = await openProviders({
    store,
    secrets,
    playbooks,
    editorModels: surface.editorModels ?? null,
    environment,
    addresses,
    report,
  });
  const dispatchers: Dispatcher[] = [];
  const butler: Butler = {
    config,
    native,
    secrets,
    files,
    playbooks,
    worker,
    store,
    clock,
    images: createImages(),
    providers: providers.all,
    renewProviders: providers.renew,
    hasKey: providers.hasKey,
    tools: tools({ rg: native.rg }),
    targets,
    runtimes: runtimes({ home: config.home, environment, access: providers.access }),
    editor: surface.editor,
    ownFolders: [await realpath(config.home)],
    workspaces: surface.workspaces,
    mode: surface.mode,
    emit: surface.emit,
    ability: (id, workspace) => findAbility({ store, files }, id, workspace),
    abilities: () => listAbilities({ store, files }),
    serve: () => {
      const { workspaces } = surface;
      const dispatcher = startDispatcher(butler, { worker, workspaces, atOnce, lease, report });
      dispatchers.push(dispatcher);
      return dispatcher;
    },
    close: async () => {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
      await files.close();
      await store.close();
    },
  };
  return good(butler);
}
