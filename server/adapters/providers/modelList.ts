import type { ModelInfo } from '../../protocol/provider.ts';
import { isRecord } from './callInput.ts';
import { Unreadable } from './refusal.ts';

/** Which models of a list a person can talk to; all where nothing is said. */
export type Talks = (model: Readonly<Record<string, unknown>>) => boolean;

/**
 * The models of a list as OpenAI gives it, the newest first, with the sizes under the names that other services
 * have added.
 */
export function modelsIn(body: unknown, talks: Talks = () => true): readonly ModelInfo[] {
  const listed = isRecord(body) ? body.data : body;
  if (!Array.isArray(listed)) throw new Unreadable('a list of models without its entries');
  return listed
    .filter(
      (one): one is Record<string, unknown> => isRecord(one) && typeof one.id === 'string' && talks(one),
    )
    .sort((one, other) => count(other.created) - count(one.created))
    .map(infoOf);
}

function infoOf(model: Record<string, unknown>): ModelInfo {
  const { id, name, display_name } = model;
  const title = [display_name, name].find((one) => typeof one === 'string' && one !== '' && one !== id);
  const provider = isRecord(model.top_provider) ? model.top_provider : {};
  const context = firstCount(
    model.context_window,
    model.max_context_length,
    model.context_length,
    model.max_model_len,
    model.max_input_tokens,
  );
  const output = firstCount(model.max_completion_tokens, provider.max_completion_tokens, model.max_tokens);
  return {
    id: String(id),
    ...(title === undefined ? {} : { title: String(title) }),
    ...(context === undefined ? {} : { context }),
    ...(output === undefined ? {} : { output }),
  };
}

function firstCount(...values: unknown[]): number | undefined {
  return values.map(count).find((value) => value > 0);
}

/** A whole number that counts something; 0 where a service said something else. */
export function count(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0;
}
