import * as z from 'zod';
import type { ModelInfo } from '../../../protocol/provider.ts';
import { Unreadable } from '../refusal.ts';

/** What the service knows of a model of its own. */
export interface ShownModel {
  /** Tokens of its longest window. */
  readonly context: number;
  /** Whether it can be asked to think aloud. */
  readonly thinks: boolean;
}

/** The details as the service gives them (https://docs.ollama.com/api#show-model-information). */
const Shown = z.object({
  capabilities: z.array(z.string()).default([]),
  model_info: z.record(z.string(), z.unknown()).default({}),
});

/** For a model whose details do not say it. */
const usualContext = 32_768;

/** Reads the details of a model; each architecture names its own window. */
export function shownModel(body: unknown): ShownModel {
  const { capabilities, model_info } = parsed(Shown, body);
  const [, context] = Object.entries(model_info).find(([name]) => name.endsWith('.context_length')) ?? [];
  return {
    context: typeof context === 'number' && context > 0 ? context : usualContext,
    thinks: capabilities.includes('thinking'),
  };
}

/** The list as the service gives it (https://docs.ollama.com/api/tags). */
const Listed = z.object({
  models: z
    .array(
      z.object({
        model: z.string(),
        remote_host: z.string().optional(),
        details: z
          .object({ family: z.string().optional(), parameter_size: z.string().optional() })
          .default({}),
      }),
    )
    .default([]),
});

/** The models that answer, the one that was changed last first. */
export function modelsIn(body: unknown): readonly ModelInfo[] {
  return infosOf(parsed(Listed, body).models);
}

/** Those of them that it holds itself. */
export function heldModelsIn(body: unknown): readonly ModelInfo[] {
  const { models } = parsed(Listed, body);
  return infosOf(models.filter(({ model, remote_host }) => !remote_host && !goesAway(model)));
}

/** Whether the name of a model says that Ollama's cloud is asked for it (https://docs.ollama.com/cloud). */
export function goesAway(model: string): boolean {
  return /[:-]cloud$/.test(model);
}

function infosOf(models: z.output<typeof Listed>['models']): readonly ModelInfo[] {
  return models
    .filter(({ details }) => !details.family?.includes('bert'))
    .map(({ model, details }) => ({
      id: model,
      ...(details.parameter_size ? { title: `${model} (${details.parameter_size})` } : {}),
    }));
}

function parsed<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body);
  if (!read.success) throw new Unreadable('details of models of another shape');
  return read.data;
}
