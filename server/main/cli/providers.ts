import { text as textOf } from 'node:stream/consumers';
import * as core from '../../core/providers.ts';
import { listModels, testProvider } from '../../core/providerTest.ts';
import { connectionAsOf } from '../../protocol/connection.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../protocol/failure.ts';
import { ProviderConfig, type ProviderInfo, ProviderKind } from '../../protocol/provider.ts';
import { clockTime } from '../clockTime.ts';
import type { Butler } from '../compose.ts';
import { isElsewhere, providersHere } from '../providersHere.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';

interface AddOptions extends CommonOptions {
  readonly kind?: string;
  readonly title?: string;
  readonly baseUrl?: string;
  readonly model?: string;
  readonly timeLimit?: string;
  readonly keyStdin?: boolean;
}

/** Lists the providers and whether each is ready to use. */
export function list(options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const infos = await providersHere(butler);
    if (options.json) for (const info of infos) printJson(info);
    else {
      const now = butler.clock.now();
      printTable(infos.map((info) => [info.name, stateOf(info, now), info.models[0] ?? '', info.title]));
    }
    return exitCodes.done;
  });
}

/** Adds a provider or changes how one is reached, and keeps its key; the key is never an argument. */
export function add(options: AddOptions, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    const before = (await butler.store.providers()).find((one) => one.name === name);
    const config = configOf(options, name, before);
    if (!config.ok) return tellFailure(options, config.failure);
    const saved = await core.saveProvider(butler, config.value, actor);
    if (!saved.ok) return tellFailure(options, saved.failure);
    const key = await keyFor(options, saved.value);
    if (key !== null) {
      const kept = await core.setKey(butler, { provider: name, value: key }, actor);
      if (!kept.ok) return tellFailure(options, kept.failure);
      if (!options.json) process.stdout.write(`The key is kept. ${kept.value.where}\n`);
    }
    return showSaved(butler, options, name);
  });
}

/** Asks a provider for one short answer and says what is wrong where none comes. */
export function test(options: CommonOptions & { model?: string }, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    const tested = await testProvider(butler, { name, model: options.model ?? '' });
    if (!tested.ok) return tellFailure(options, tested.failure);
    const { model, failure, took } = tested.value;
    const mend = `Set a valid key: butler providers add ${name} --key-stdin`;
    if (failure) return tellFailure(options, failure.kind === 'auth' ? { ...failure, mend } : failure);
    if (options.json) printJson(tested.value);
    else printLine(`${name} answered after ${took} ms${model ? ` (${model})` : ''}.`);
    return exitCodes.done;
  });
}

/** Takes back what was set up of a provider, its key included. */
export function remove(options: CommonOptions, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    const removed = await core.removeProvider(butler, name, actor);
    if (!removed.ok) return tellFailure(options, removed.failure);
    if (options.json) printJson({ removed: name });
    else process.stdout.write(`Removed what was set up of ${name}, its key included.\n`);
    return exitCodes.done;
  });
}

/** Lists the models of a provider. */
export function models(options: CommonOptions, name: string): Promise<number> {
  return withButler(options, async (butler) => {
    const listed = await listModels(butler, name);
    if (!listed.ok) return tellFailure(options, listed.failure);
    if (options.json) for (const model of listed.value) printJson(model);
    else {
      printTable(
        listed.value.map(({ id, title = '', context }) => [id, context ? `${context} tokens` : '', title]),
      );
    }
    return exitCodes.done;
  });
}

function stateOf({ kind, key, ready, connection }: ProviderInfo, now: number): string {
  if (key === 'missing') return 'needs a key';
  if (!ready) return kind === 'editor' ? 'only in the editor' : 'not found';
  const { state, until } = connectionAsOf(connection, now);
  if (state === 'unknown' || state === 'online') return 'ready';
  if (state === 'login') return 'needs a valid key';
  return state === 'limited' && until !== undefined ? `limited until ${clockTime(until, now)}` : state;
}

/** The set-up with what the options change in it; without a kind it is what the name says, else a compatible one. */
function configOf(
  { kind, title, baseUrl, model, timeLimit }: AddOptions,
  name: string,
  before: ProviderConfig | undefined,
): Outcome<ProviderConfig> {
  const usual = before?.kind ?? (ProviderKind.safeParse(name).success ? name : 'compatible');
  const known = ProviderKind.safeParse(kind ?? usual);
  if (!known.success) {
    const mend = `Kinds: ${ProviderKind.options.join(', ')}.`;
    return bad(failures.invalid('kind', `There is no kind of provider "${kind}".`, mend));
  }
  const given = { title, baseUrl, model, timeLimit: timeLimit === undefined ? undefined : Number(timeLimit) };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = ProviderConfig.safeParse({ ...before, ...present, name, kind: known.data });
  return parsed.success ? good(parsed.data) : bad(fromIssues(parsed.error));
}

/** The key from the standard input where it was announced, else from a hidden prompt where one is missing. */
async function keyFor(options: AddOptions, { title, key }: ProviderInfo): Promise<string | null> {
  if (options.keyStdin) return (await textOf(process.stdin)).trim() || null;
  if (key !== 'missing' || options.json || !process.stdin.isTTY || !process.stdout.isTTY) return null;
  const { isCancel, password } = await import('@clack/prompts');
  const typed = await password({ message: `API key for ${title} (Esc for later)` });
  return isCancel(typed) || !typed ? null : typed;
}

async function showSaved(butler: Butler, options: CommonOptions, name: string): Promise<number> {
  const info = await core.readProvider(butler, name);
  if (!info.ok) return tellFailure(options, info.failure);
  const elsewhere = isElsewhere(butler, info.value);
  if (options.json) printJson(elsewhere ? { ...info.value, ready: false } : info.value);
  else printLine(`Saved. ${elsewhere ? nextElsewhere(info.value) : nextStep(info.value)}`);
  return exitCodes.done;
}

function nextElsewhere({ name }: ProviderInfo): string {
  return `Its models are lent in VS Code only; jobs that run there use them: butler use butler ${name}`;
}

function nextStep({ name, key, models }: ProviderInfo): string {
  if (key === 'missing') return `It needs a key: butler providers add ${name} --key-stdin < file`;
  const choice = models.length > 0 ? name : `${name}:<one of "butler providers models ${name}">`;
  return `Try it: butler providers test ${name}; use it: butler use butler ${choice}`;
}
