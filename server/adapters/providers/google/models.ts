import * as z from 'zod';
import type { ModelInfo } from '../../../protocol/provider.ts';
import { Unreadable } from '../refusal.ts';

/** The list as the service gives it (https://ai.google.dev/api/models). */
const Listed = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        displayName: z.string().optional(),
        inputTokenLimit: z.int().positive().optional(),
        outputTokenLimit: z.int().positive().optional(),
        supportedGenerationMethods: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

/** Those that answer in text: the known ones first and the others from the newest down. */
export function modelsIn(body: unknown, known: readonly string[]): readonly ModelInfo[] {
  const place = ({ id }: ModelInfo) => (known.includes(id) ? known.indexOf(id) : known.length);
  const listed = Listed.safeParse(body);
  if (!listed.success) throw new Unreadable('a list of models of another shape');
  return listed.data.models
    .filter((model) => model.supportedGenerationMethods.includes('generateContent'))
    .map(infoOf)
    .sort(
      (one, other) => place(one) - place(other) || other.id.localeCompare(one.id, 'en', { numeric: true }),
    );
}

function infoOf(model: z.infer<typeof Listed>['models'][number]): ModelInfo {
  const { name, displayName, inputTokenLimit, outputTokenLimit } = model;
  return {
    id: name.replace(/^models\//, ''),
    ...(displayName ? { title: displayName } : {}),
    ...(inputTokenLimit ? { context: inputTokenLimit + (outputTokenLimit ?? 0) } : {}),
    ...(outputTokenLimit ? { output: outputTokenLimit } : {}),
  };
}
