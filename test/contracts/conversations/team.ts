import assert from 'node:assert/strict';
import { createAbility } from '../../../server/core/abilities.ts';
import type { Provider, ProviderEvent, ProviderRequest } from '../../../server/core/ports/provider.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Part, Usage } from '../../../server/protocol/provider.ts';
import type { Stage } from '../../support/stage.ts';

/** What each member of a team answers; a function of the request alone, so that it says the same after any crash. */
export interface Team {
  /** Who does the job, as the router is answered. */
  readonly route: (request: ProviderRequest) => readonly Part[];
  /** What is answered at work, by the beginning of the persona; `null` stands for the Ability itself. */
  readonly work: (
    member: string | null,
    request: ProviderRequest,
  ) => readonly Part[] | Promise<readonly Part[]>;
  readonly usage?: Usage;
}

/** A provider, in the place of a local one, that plays a whole team and keeps what it was asked. */
export function playing(
  team: Team,
  change: Partial<Pick<Provider, 'name' | 'kind' | 'local'>> = {},
): { provider: Provider; asked: ProviderRequest[] } {
  const asked: ProviderRequest[] = [];
  const { usage = null } = team;
  const provider: Provider = {
    name: 'ollama',
    kind: 'ollama',
    local: true,
    title: 'Team',
    about: 'Plays a team.',
    needsKey: false,
    models: ['script'],
    ...change,
    async *stream(request, signal): AsyncGenerator<ProviderEvent> {
      asked.push(request);
      const parts = isRouting(request) ? team.route(request) : await team.work(memberOf(request), request);
      if (signal.aborted) return;
      const stop = parts.some((part) => part.kind === 'call') ? 'calls' : 'end';
      yield { kind: 'done', parts, stop, usage };
    },
  };
  return { provider, asked };
}

/** Whether a request asks who does the job. */
export function isRouting({ tools }: ProviderRequest): boolean {
  return tools.some(({ name }) => name === 'route');
}

/** The specialist whom a request addresses: `the specialist for …` of its persona. */
function memberOf({ system }: ProviderRequest): string | null {
  return /you are the specialist for (?:the )?([a-z]+)/.exec(system)?.[1] ?? null;
}

/** The answer to the router: the parts of the job and who does them. */
export const routes =
  (...steps: readonly (readonly [agent: string, task: string])[]): Team['route'] =>
  () => [
    {
      kind: 'call',
      call: 'choice',
      tool: 'route',
      input: { steps: steps.map(([agent, task]) => ({ agent, task })) },
    },
  ];

/** Words and nothing else. */
export const words = (text: string): readonly Part[] => [{ kind: 'text', text }];

/** An Ability with specialists, on the provider that a team plays. */
export async function teamAbility(stage: Stage, draft: Partial<AbilityDraft> = {}): Promise<string> {
  const whole = AbilityDraft.parse({
    name: 'Secretary',
    provider: 'ollama',
    agents: ['project', 'email'],
    ...draft,
  });
  const made = await createAbility(stage.butler, { draft: whole }, 'person:test');
  assert.ok(made.ok, made.ok ? '' : made.failure.what);
  return made.value.id;
}

/** One tool call. */
export const calling = (tool: string, input: Record<string, unknown> = {}): readonly Part[] => [
  { kind: 'call', call: `call-${tool}`, tool, input },
];
