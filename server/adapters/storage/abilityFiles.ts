import { mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { watch } from 'chokidar';
import * as jsonc from 'jsonc-parser';
import { Low } from 'lowdb';
import { TextFile } from 'lowdb/node';
import type { AbilityFiles } from '../../core/ports/abilityFiles.ts';
import {
  AbilitiesFile,
  type Ability,
  type AbilityDraft,
  type AbilityProblem,
} from '../../protocol/ability.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';

const folderName = '.butler';
const fileName = 'abilities.json';
const format: jsonc.FormattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
/** A file longer than this is not a hand-written one. */
const longestFile = 1_000_000;

/** The Abilities files of the workspace folders, read anew only after they changed on disk. */
export interface WatchedAbilityFiles extends AbilityFiles {
  /** Calls back after a file was changed by anyone; returns the way to stop. */
  onChange(listener: () => void): () => void;
  /** Takes other folders in hand. */
  setFolders(folders: readonly string[]): void;
  close(): Promise<void>;
}

interface Content {
  readonly abilities: Ability[];
  readonly problems: AbilityProblem[];
}

/** Opens the files of the folders; folders without one are empty, and are watched for one to come. */
export function openAbilityFiles(folders: readonly string[]): WatchedAbilityFiles {
  const listeners = new Set<() => void>();
  const cache = new Map<string, Promise<Content>>();
  let inHand = [...folders];
  const watcher = watch(inHand.map(fileOf), { ignoreInitial: true, followSymlinks: false });
  watcher.on('all', () => {
    cache.clear();
    for (const listener of listeners) listener();
  });
  const contentOf = (folder: string) => {
    const cached = cache.get(folder) ?? readFolder(folder);
    cache.set(folder, cached);
    return cached;
  };
  const change = async (folder: string, edit: (text: string, content: AbilitiesFile) => string) => {
    const written = await rewrite(folder, edit);
    cache.delete(folder);
    return written;
  };
  return {
    read: async () => {
      const contents = await Promise.all(inHand.map(contentOf));
      return {
        abilities: contents.flatMap((content) => content.abilities),
        problems: contents.flatMap((content) => content.problems),
      };
    },
    save: async (folder, id, draft) => {
      const written = await change(folder, (text, { abilities }) => {
        const index = abilities.findIndex((one) => one.id === id);
        const at = index < 0 ? abilities.length : index;
        return edited(text, ['abilities', at], { id, ...draft }, index < 0);
      });
      return written.ok ? good(toAbility({ id, ...draft }, folder, written.value)) : written;
    },
    remove: async (folder, id) => {
      const written = await change(folder, (text, { abilities }) =>
        edited(text, ['abilities', abilities.findIndex((one) => one.id === id)], undefined, false),
      );
      return written.ok ? good(undefined) : written;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setFolders: (next) => {
      watcher.unwatch(inHand.map(fileOf));
      inHand = [...next];
      watcher.add(inHand.map(fileOf));
      cache.clear();
    },
    close: () => watcher.close(),
  };
}

function fileOf(folder: string): string {
  return path.join(folder, folderName, fileName);
}

async function readFolder(folder: string): Promise<Content> {
  const file = fileOf(folder);
  const problem = (line: number, message: string): Content => ({
    abilities: [],
    problems: [{ file, line, message }],
  });
  try {
    const found = await stat(file).catch(() => null);
    if (!found) return { abilities: [], problems: [] };
    if (!(await isInside(folder))) return problem(1, `${folderName} leads out of the workspace.`);
    if (found.size > longestFile) return problem(1, 'The file is larger than 1 MB.');
    const text = (await new TextFile(file).read()) ?? '';
    return parseAbilities(text, file, folder, found.mtimeMs);
  } catch (error) {
    return problem(1, `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads the text of an Abilities file: good entries as Abilities, each fault with its line. */
export function parseAbilities(text: string, file: string, folder: string, time: number): Content {
  const faults: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(text, faults, { allowTrailingComma: true });
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const fault = faults[0];
  if (fault || !tree) {
    const message = fault ? `JSON: ${jsonc.printParseErrorCode(fault.error)}.` : 'The file is empty.';
    return { abilities: [], problems: [{ file, line: lineAt(fault?.offset ?? 0), message }] };
  }
  const value: unknown = jsonc.getNodeValue(tree);
  const parsed = AbilitiesFile.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      file,
      line: lineAt(nearestNode(tree, issue.path as jsonc.JSONPath).offset),
      message: `${issue.path.map(String).join('.') || 'The file'}: ${issue.message}.`,
    }));
    return { abilities: goodOnes(value, problems.length, folder, time), problems };
  }
  const seen = new Map<string, number>();
  const problems: AbilityProblem[] = [];
  for (const [index, { id }] of parsed.data.abilities.entries()) {
    if (seen.has(id)) {
      const line = lineAt(nearestNode(tree, ['abilities', index, 'id']).offset);
      problems.push({ file, line, message: `abilities.${index}.id: "${id}" is taken by another Ability.` });
    } else seen.set(id, index);
  }
  const abilities = [...seen.values()].flatMap((index) => {
    const entry = parsed.data.abilities[index];
    return entry ? [toAbility(entry, folder, time)] : [];
  });
  return { abilities, problems };
}

/** The entries of a faulty file that are whole by themselves, so that one slip does not hide the rest. */
function goodOnes(value: unknown, faults: number, folder: string, time: number): Ability[] {
  const entries = (value as { abilities?: unknown } | null)?.abilities;
  if (faults === 0 || !Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const parsed = AbilitiesFile.shape.abilities.safeParse([entry]);
    const one = parsed.success ? parsed.data[0] : undefined;
    return one ? [toAbility(one, folder, time)] : [];
  });
}

function nearestNode(tree: jsonc.Node, at: jsonc.JSONPath): jsonc.Node {
  for (let length = at.length; length > 0; length--) {
    const node = jsonc.findNodeAtLocation(tree, at.slice(0, length));
    if (node) return node;
  }
  return tree;
}

function toAbility(entry: AbilityDraft & { id: string }, folder: string, time: number): Ability {
  const at = Math.floor(time);
  return { ...entry, origin: 'workspace', workspace: folder, created: at, updated: at };
}

async function rewrite(
  folder: string,
  edit: (text: string, content: AbilitiesFile) => string,
): Promise<Outcome<number>> {
  const file = fileOf(folder);
  await mkdir(path.dirname(file), { recursive: true });
  if (!(await isInside(folder))) {
    return bad(failures.denied(`"${folderName}" leads out of the workspace.`, 'Make it an ordinary folder.'));
  }
  const db = new Low(new TextFile(file), '');
  await db.read();
  const text = db.data || '{\n  "abilities": []\n}\n';
  const faults: jsonc.ParseError[] = [];
  const parsed = AbilitiesFile.safeParse(jsonc.parse(text, faults, { allowTrailingComma: true }));
  if (faults.length > 0 || !parsed.success) {
    const at = parseAbilities(text, file, folder, 0).problems[0];
    const what = `The file has a fault in line ${at?.line ?? 1}: ${at?.message ?? 'it cannot be read.'}`;
    return bad(
      failures.invalid(`${file}:${at?.line ?? 1}`, what, 'Mend the file first; nothing was changed.'),
    );
  }
  db.data = edit(text, parsed.data);
  await db.write();
  return good(Date.now());
}

async function isInside(folder: string): Promise<boolean> {
  const real = await realpath(path.dirname(fileOf(folder))).catch(() => null);
  return real === null || real === path.join(await realpath(folder), folderName);
}

function edited(text: string, at: jsonc.JSONPath, value: unknown, insert: boolean): string {
  const edits = jsonc.modify(text, at, value, { formattingOptions: format, isArrayInsertion: insert });
  return jsonc.applyEdits(text, edits);
}
