import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AttackCase } from './attackCase.ts';
import type { Surface } from './surface.ts';

/** A case with the place where it stands. */
export interface PlacedCase {
  readonly one: AttackCase;
  /** `paths.jsonl:7`. */
  readonly at: string;
}

/** The files of our own corpus, and one from outside where the environment names it. */
export function corpusFiles(environment: NodeJS.ProcessEnv = process.env): string[] {
  const ours = globSync('*.jsonl', { cwd: folder })
    .sort()
    .map((name) => path.join(folder, name));
  return environment.BUTLER_CORPUS ? [...ours, environment.BUTLER_CORPUS] : ours;
}

/** Reads a file of cases, one JSON object a line; a bad line is an error that names its number and field. */
export function readCorpus(file: string, surfaces: Readonly<Record<string, Surface>>): PlacedCase[] {
  return parseCorpus(readFileSync(file, 'utf8'), path.basename(file), surfaces);
}

/** The cases of a text; empty lines and lines that begin with `//` are passed over. */
export function parseCorpus(
  text: string,
  name: string,
  surfaces: Readonly<Record<string, Surface>>,
): PlacedCase[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('//')) return [];
    const at = `${name}:${index + 1}`;
    const one = parseLine(line, at);
    const fault = faultOf(one, surfaces);
    if (fault) throw new Error(`${at}: field "${fault.field}": ${fault.what}`);
    return [{ one, at }];
  });
}

const folder = path.join(import.meta.dirname, 'corpus');

function parseLine(line: string, at: string): AttackCase {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${at}: the line is no JSON: ${(error as Error).message}`);
  }
  const parsed = AttackCase.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${at}: field "${issue?.path.join('.') || 'line'}": ${issue?.message}`);
}

function faultOf(one: AttackCase, surfaces: Readonly<Record<string, Surface>>) {
  const surface = Object.hasOwn(surfaces, one.surface) ? surfaces[one.surface] : undefined;
  if (!surface) {
    return { field: 'surface', what: `"${one.surface}" is none of ${Object.keys(surfaces).join(', ')}.` };
  }
  if (!surface.answers.includes(one.expected)) {
    return { field: 'expected', what: `"${one.expected}" is none of ${surface.answers.join(', ')}.` };
  }
  return surface.fault?.(one) ?? null;
}
