import * as z from 'zod';
import type { Translate } from './translate.ts';

/** One field that a target wants to know, as its JSON Schema says it. */
export interface TargetField {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly required: boolean;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'json';
  /** The values there are to choose from, when they are few. */
  readonly choices: readonly string[];
  /** What it is when nothing is said, as a person would type it. */
  readonly preset: string;
  readonly pattern: string | undefined;
}

const Property = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  enum: z.array(z.json()).optional(),
  pattern: z.string().optional(),
});
const ConfigSchema = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});

const simple = ['string', 'number', 'integer', 'boolean'] as const;

/** The fields of a target's config schema, in its order; a schema that cannot be read has none. */
export function targetFields(schema: unknown): TargetField[] {
  const parsed = ConfigSchema.safeParse(schema);
  if (!parsed.success) return [];
  const { properties, required } = parsed.data;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    title: property.title ?? name,
    about: property.description ?? '',
    required: required.includes(name),
    type: simple.find((one) => one === property.type) ?? 'json',
    choices: property.type === 'boolean' ? ['true', 'false'] : (property.enum ?? []).map(typed),
    preset: property.default === undefined ? '' : typed(property.default),
    pattern: property.pattern,
  }));
}

/** What is wrong with a text for a field, or `null`. */
export function wrongInField(field: TargetField, text: string, t: Translate): string | null {
  if (text === '') return field.required ? t('{0} is needed.', field.title) : null;
  if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(text)) {
    return t('{0} does not have the form that the target wants: {1}', field.title, field.pattern);
  }
  const value = valueOfField(field, text);
  return value === undefined
    ? t('{0} does not fit: a value of type {1} is wanted.', field.title, field.type)
    : null;
}

/** The value that a text stands for; `undefined` when it stands for none. */
export function valueOfField({ type }: TargetField, text: string): z.core.util.JSONType | undefined {
  if (text === '') return undefined;
  if (type === 'string') return text;
  try {
    const value = JSON.parse(text) as z.core.util.JSONType;
    const fits = {
      number: typeof value === 'number',
      integer: Number.isInteger(value),
      boolean: typeof value === 'boolean',
      json: true,
    };
    return fits[type] ? value : undefined;
  } catch {
    return undefined;
  }
}

function typed(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
