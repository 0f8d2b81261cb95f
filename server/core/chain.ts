import type { Ability } from '../protocol/ability.ts';
import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import type { ModelChoice } from '../protocol/provider.ts';
import type { Settings } from '../protocol/settings.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { delegateName } from '../protocol/turn.ts';
import { type ConnectionStates, isCooling } from './connections.ts';
import { factsOf } from './models.ts';
import type { Provider } from './ports/provider.ts';

/** A provider that may give an answer, with the model that it is asked for. */
export interface Candidate {
  readonly provider: Provider;
  readonly model: string;
}

/** The candidates of a job in the order of preference, its own first. */
export type Chain = readonly [Candidate, ...Candidate[]];

/** What a chain follows from. */
export interface ChainParts {
  readonly ability: Ability;
  /** The provider that the job itself names in place of the Ability's. */
  readonly asked: string | null;
  readonly settings: Pick<Settings, 'fallbacks' | 'cloudFallback'>;
  readonly providers: readonly Provider[];
}

/**
 * The chain of a job; it fails where its own provider is not there. A job that names its provider has no other,
 * and playbooks are no model's work, so the offline provider neither takes over nor is taken over. What stays
 * on this machine goes into the cloud only by the person's own consent, which no Ability can give.
 */
export function chainOf({ ability, asked, settings, providers }: ChainParts): Outcome<Chain> {
  const find = (name: string) => providers.find((one) => one.name === name);
  const name = asked ?? ability.provider;
  const provider = find(name);
  if (!provider) return bad(unknownProvider(name, providers));
  const own = candidateOf(provider, provider.name === ability.provider ? ability.model : '');
  if (asked !== null || provider.kind === 'offline') return good([own]);
  const choices = ability.fallbacks ?? settings.fallbacks;
  const others = choices.flatMap((choice) => {
    const other = find(choice.provider);
    return other ? [candidateOf(other, choice.model)] : [];
  });
  const allowed = others.filter((other) => mayFollow(own, other, settings.cloudFallback));
  return good([own, ...unlike([own], allowed)]);
}

/**
 * The order in which the candidates are asked for the next answer: first the one that `beginning` names, then
 * the others, and those that are to be left alone for now after all.
 */
export function orderOf(
  chain: Chain,
  { beginning, states, now }: { beginning: Candidate; states: ConnectionStates; now: number },
): readonly Candidate[] {
  const order = [beginning, ...chain.filter((one) => one !== beginning)];
  const cooling = order.filter(({ provider }) => isCooling(states[provider.name], now));
  return [...order.filter((one) => !cooling.includes(one)), ...cooling];
}

/**
 * The candidate that the next answer begins with: the one that answered last, for its cache is warm and its
 * thinking goes on; after a word of the person, a wait for the network or the work of specialists it is the job's
 * own again.
 */
export function beginningOf(chain: Chain, { turns }: Transcript, job: string): Candidate {
  const last = turns.findLast((turn) => turn.job === job && telling.has(turn.kind));
  if (last?.kind !== 'assistant' || last.calls.some(({ tool }) => tool === delegateName)) return chain[0];
  return chain.find((one) => isChoice(one, last)) ?? chain[0];
}

const telling: ReadonlySet<Transcript['turns'][number]['kind']> = new Set(['person', 'assistant', 'network']);

/** Whether a candidate takes a longer conversation than another one. */
export function takesMore(one: Candidate, other: Candidate): boolean {
  return contextOf(one) > contextOf(other);
}

/** Whether a candidate gives a longer answer than another one. */
export function saysMore(one: Candidate, other: Candidate): boolean {
  return answerOf(one) > answerOf(other);
}

/** Whether what is for one candidate may go to another: what stays on this machine leaves it by consent only. */
export function mayTell(own: Candidate, other: Candidate, consent: boolean): boolean {
  return !staysHere(own) || staysHere(other) || consent;
}

/** A provider with the model that is wanted of it, else the one that it takes by itself. */
export function candidateOf(provider: Provider, model: string): Candidate {
  return { provider, model: model || (provider.models[0] ?? '') };
}

/** A candidate as entries name it. */
export function choiceOf({ provider, model }: Candidate): ModelChoice {
  return { provider: provider.name, model };
}

function answerOf({ provider, model }: Candidate): number {
  return factsOf(provider.kind, model).output;
}

function contextOf({ provider, model }: Candidate): number {
  return factsOf(provider.kind, model).context;
}

function staysHere({ provider, model }: Candidate): boolean {
  return provider.local && !provider.goesAway?.(model);
}

function mayFollow(own: Candidate, other: Candidate, consent: boolean): boolean {
  return other.provider.kind !== 'offline' && mayTell(own, other, consent);
}

/** The candidates that are not among those before them. */
function unlike(before: readonly Candidate[], [first, ...rest]: readonly Candidate[]): Candidate[] {
  if (!first) return [];
  const known = before.some((one) => isChoice(one, choiceOf(first)));
  return known ? unlike(before, rest) : [first, ...unlike([...before, first], rest)];
}

function isChoice({ provider, model }: Candidate, choice: ModelChoice): boolean {
  return provider.name === choice.provider && model === choice.model;
}

function unknownProvider(name: string, providers: readonly Provider[]): Failure {
  const known = providers.map((provider) => provider.name).join(', ');
  return failures.invalid('ability.provider', `There is no provider "${name}".`, `Choose one of: ${known}.`);
}
