import { nextOfflineAnswer } from '../../core/offlinePlan.ts';
import type { Provider, ProviderEvent, ProviderRequest } from '../../core/ports/provider.ts';
import { failures } from '../../protocol/failure.ts';
import type { Playbook } from '../../protocol/plan.ts';
import type { Part } from '../../protocol/provider.ts';

/** The playbooks there are: a list, or what gives one anew for each answer. */
export type PlaybookSource = readonly Playbook[] | (() => readonly Playbook[] | Promise<readonly Playbook[]>);

/** The embedded default: runs playbooks by the ordinary agent loop, without model, key or network. */
export function createOffline({ playbooks }: { playbooks: PlaybookSource }): Provider {
  return {
    name: 'offline',
    kind: 'offline',
    local: true,
    title: 'Offline',
    about: 'Runs playbooks of fixed steps; needs no model, no key and no network.',
    needsKey: false,
    models: [],
    stream: (request, signal) => answer(playbooks, request, signal),
  };
}

async function* answer(
  source: PlaybookSource,
  request: ProviderRequest,
  signal: AbortSignal,
): AsyncGenerator<ProviderEvent> {
  const playbooks = typeof source === 'function' ? await source() : source;
  const { text, call, stop } = nextOfflineAnswer(playbooks, request);
  for (const piece of pieces(text)) {
    if (signal.aborted) break;
    yield { kind: 'text', text: piece };
  }
  if (call && !signal.aborted) yield { kind: 'tool', tool: call.tool };
  if (signal.aborted) {
    yield { kind: 'failed', failure: failures.cancelled('The answer was stopped.') };
    return;
  }
  const parts: Part[] = [
    ...(text ? [{ kind: 'text' as const, text }] : []),
    ...(call ? [{ kind: 'call' as const, ...call }] : []),
  ];
  yield { kind: 'done', parts, stop, usage: null };
}

/** A text in pieces of a few words. */
function pieces(text: string): string[] {
  return text.match(/(?:\S*\s+){1,4}|\S+/g) ?? [];
}
