import * as z from 'zod';
import type { Translate } from './translate.ts';

type Json = z.core.util.JSONType;

/** One field that a target wants to know, as its JSON Schema says it. */
export interface TargetField {
  /** Where its value stands in the config; more than one name where it stands in an object of its own. */
  readonly path: readonly string[];
  /** The same as one word, as `upload.size`. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly required: boolean;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'list' | 'json';
  /** The values there are to choose from, when they are few. */
  readonly choices: readonly string[];
  /** What it is when nothing is said, as a person would type it. */
  readonly preset: string;
  readonly pattern: string | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
}

interface Property {
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: Json | undefined;
  readonly enum?: Json[] | undefined;
  readonly const?: Json | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly items?: Property | undefined;
  readonly anyOf?: Property[] | undefined;
  readonly properties?: Record<string, Property> | undefined;
  readonly required?: string[] | undefined;
}

const Property: z.ZodType<Property> = z.lazy(() =>
  z.looseObject({
    type: z
      .union([z.string(), z.array(z.string())])
      .transform((type) => (typeof type === 'string' ? type : type.find((one) => one !== 'null')))
      .optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    default: z.json().optional(),
    enum: z.array(z.json()).optional(),
    const: z.json().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    items: Property.optional(),
    anyOf: z.array(Property).optional(),
    properties: z.record(z.string(), Property).optional(),
    required: z.array(z.string()).optional(),
  }),
);

/** Objects within objects deeper than this are asked for as JSON. */
const deepest = 3;

/** The fields of a target's config schema, in its order; a schema that cannot be read has none. */
export function targetFields(schema: unknown): TargetField[] {
  const parsed = Property.safeParse(schema);
  return parsed.success ? fieldsOf(parsed.data, [], true) : [];
}

/** What is wrong with a text for a field, or `null`. */
export function wrongInField(field: TargetField, text: string, t: Translate): string | null {
  if (text === '') return field.required ? t('{0} is needed.', field.title) : null;
  if (field.pattern !== undefined && !fitsPattern(field.pattern, text)) {
    return t('{0} does not have the form that the target wants: {1}', field.title, field.pattern);
  }
  const value = valueOfField(field, text);
  if (value === undefined) {
    return t('{0} does not fit: a value of type {1} is wanted.', field.title, field.type);
  }
  const { least, most } = field;
  if (typeof value !== 'number') return null;
  if (least !== undefined && value < least) return t('{0} must be {1} at least.', field.title, least);
  return most !== undefined && value > most ? t('{0} must be {1} at most.', field.title, most) : null;
}

/** The value that a text stands for; `undefined` when it stands for none. */
export function valueOfField({ type, choices }: TargetField, text: string): Json | undefined {
  if (text === '') return undefined;
  if (type === 'string') return text;
  if (type === 'list' && !text.startsWith('[')) {
    const words = text.split(',').map((word) => word.trim());
    return words.filter((word) => word !== '');
  }
  try {
    const value = JSON.parse(text) as Json;
    const fits = {
      number: typeof value === 'number',
      integer: Number.isInteger(value),
      boolean: typeof value === 'boolean',
      list:
        Array.isArray(value) && (choices.length === 0 || value.every((one) => choices.includes(typed(one)))),
      json: true,
    };
    return fits[type] ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in a config for a field, as a person would type it; empty where nothing does. */
export function textOfField({ path, type }: TargetField, config: Readonly<Record<string, Json>>): string {
  const value = path.reduce<Json | undefined>(
    (at, name) => (at !== null && typeof at === 'object' && !Array.isArray(at) ? at[name] : undefined),
    config,
  );
  if (value === undefined) return '';
  return type === 'list' ? JSON.stringify(value) : typed(value);
}

/** A config of these values, each where its field says; what has no value is left out. */
export function configOfValues(
  values: readonly (readonly [TargetField, Json | undefined])[],
): Record<string, Json> {
  const config: Record<string, Json> = {};
  for (const [{ path }, value] of values) {
    if (value === undefined) continue;
    let at = config;
    for (const name of path.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, Json>;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return config;
}

function fieldsOf({ properties = {}, required = [] }: Property, above: readonly string[], needed: boolean) {
  return Object.entries(properties).flatMap(([name, found]): TargetField[] => {
    const property = withoutNull(found);
    const path = [...above, name];
    const wanted = needed && required.includes(name);
    if (property.properties && path.length < deepest) return fieldsOf(property, path, wanted);
    const type = typeOf(property);
    return [
      {
        ...{ path, type, name: path.join('.'), required: wanted, pattern: property.pattern },
        title: property.title ?? found.title ?? name,
        about: property.description ?? found.description ?? '',
        choices: choicesOf(property, type),
        preset: presetOf(found.default ?? property.default, type),
        least: property.minimum,
        most: property.maximum,
      },
    ];
  });
}

/** The one kind of value that a field takes besides none. */
function withoutNull(property: Property): Property {
  const others = property.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return others.length === 1 ? { ...property, ...others[0] } : property;
}

const simple = ['string', 'number', 'integer', 'boolean'] as const;

function typeOf({ type, items, enum: values = [] }: Property): TargetField['type'] {
  if (type === 'array' && (items?.type === 'string' || items?.enum)) return 'list';
  const known = simple.find((one) => one === type);
  if (known) return known;
  return values.length > 0 && values.every((one) => typeof one === 'string') ? 'string' : 'json';
}

function choicesOf({ enum: values, const: only, items }: Property, type: TargetField['type']): string[] {
  if (type === 'boolean') return ['true', 'false'];
  const all = type === 'list' ? items?.enum : (values ?? (only === undefined ? undefined : [only]));
  return (all ?? []).map(typed);
}

function presetOf(value: Json | undefined, type: TargetField['type']): string {
  if (value === undefined) return '';
  return type === 'list' && Array.isArray(value) ? value.map(typed).join(', ') : typed(value);
}

function fitsPattern(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function typed(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
