import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import type { ModelInfo } from '../protocol/provider.ts';
import { openConnections } from './connections.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider, ProviderRequest } from './ports/provider.ts';
import type { Store } from './ports/store.ts';

/** What asking a provider by hand needs from outside core. */
export interface TestPorts {
  readonly store: Store;
  readonly clock: Clock;
  providers(): readonly Provider[];
}

/** What a test came to: the model that answered, what is wrong, and how long it took, in ms. */
export interface TestReport {
  readonly model: string;
  readonly failure: Failure | null;
  readonly took: number;
}

/**
 * Asks a provider for its models where it lists them, then for one short answer; what comes of it becomes the
 * state of its connection.
 */
export async function testProvider(
  ports: TestPorts,
  { name, model }: { name: string; model: string },
): Promise<Outcome<TestReport>> {
  const provider = ports.providers().find((one) => one.name === name);
  if (!provider) return bad(failures.notFound('provider', name));
  const begun = ports.clock.now();
  const report = await limited(ports.clock, longestTest, provider, (signal) =>
    tryProvider(provider, model, signal),
  );
  const connections = await openConnections(ports);
  try {
    if (report.failure) await connections.failed(provider, report.failure);
    else await connections.answered(provider);
  } finally {
    connections.close();
  }
  return good({ ...report, took: Math.max(0, ports.clock.now() - begun) });
}

/** The models of a provider: as it lists them itself, else those that are known of it. */
export async function listModels(ports: TestPorts, name: string): Promise<Outcome<readonly ModelInfo[]>> {
  const provider = ports.providers().find((one) => one.name === name);
  if (!provider) return bad(failures.notFound('provider', name));
  if (!provider.listModels) return good(provider.models.map((id) => ({ id })));
  const control = new AbortController();
  const late = ports.clock.sleep(longestTest, control.signal).then(() => bad(silent(provider)));
  try {
    return await Promise.race([provider.listModels(control.signal), late]);
  } finally {
    control.abort();
  }
}

/** The longest that a person is kept waiting for a test, in ms. */
const longestTest = 60_000;
/** Enough for one word of a model that thinks a little first. */
const longestAnswer = 64;

type Tried = Omit<TestReport, 'took'>;

/** Runs a test under a time limit, and stops it at its end. */
async function limited(
  clock: Clock,
  ms: number,
  provider: Provider,
  work: (signal: AbortSignal) => Promise<Tried>,
): Promise<Tried> {
  const control = new AbortController();
  const late = clock.sleep(ms, control.signal).then(() => ({ model: '', failure: silent(provider) }));
  try {
    return await Promise.race([work(control.signal), late]);
  } finally {
    control.abort();
  }
}

async function tryProvider(provider: Provider, wanted: string, signal: AbortSignal): Promise<Tried> {
  const listed = await provider.listModels?.(signal);
  const model = wanted || provider.models[0] || (listed?.ok ? (listed.value[0]?.id ?? '') : '');
  if (listed && !listed.ok && (model === '' || decisive.has(listed.failure.kind))) {
    return { model, failure: listed.failure };
  }
  return { model, failure: await ask(provider, model, signal) };
}

/** What a list of models fails with that an answer would fail with too; some services list nothing. */
const decisive: ReadonlySet<Failure['kind']> = new Set([
  'offline',
  'auth',
  'limited',
  'overloaded',
  'cancelled',
]);

async function ask(provider: Provider, model: string, signal: AbortSignal): Promise<Failure | null> {
  const request: ProviderRequest = {
    model,
    system: 'You are tested for being reachable.',
    tools: [],
    messages: [{ role: 'user', text: 'Answer with the one word: ready' }],
    maxTokens: longestAnswer,
    deliverable: 'document',
  };
  for await (const event of provider.stream(request, signal)) {
    if (event.kind === 'done') return null;
    if (event.kind === 'failed') return event.failure;
  }
  return failures.cut(provider.title);
}

function silent({ title }: Provider): Failure {
  return failures.offline(`${title} did not answer in time.`);
}
