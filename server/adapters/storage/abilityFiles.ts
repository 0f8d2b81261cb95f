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
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { fileMark } from '../files/fileMark.ts';
import { linedJson } from '../files/linedJson.ts';

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

/** What is wrong with an entry beyond its shape, its field counted from the entry; `null` where nothing is. */
export type AbilityJudge = (draft: AbilityDraft) => Failure | null;

interface Content {
  readonly abilities: Ability[];
  readonly problems: AbilityProblem[];
}

/** Opens the files of the folders; folders without one are empty, and are watched for one to come. */
export function openAbilityFiles(folders: readonly string[], faultIn: AbilityJudge): WatchedAbilityFiles {
  const listeners = new Set<() => void>();
  const cache = new Map<string, { readonly mark: string; readonly content: Content }>();
  let inHand = [...folders];
  // Told once it is written to its end: a file half written is no fault of it.
  const awaitWriteFinish = { stabilityThreshold: 100, pollInterval: 20 };
  const watched = { ignoreInitial: true, followSymlinks: false, awaitWriteFinish };
  const watcher = watch(inHand.map(fileOf), watched);
  watcher.on('all', () => {
    for (const listener of listeners) listener();
  });
  const contentOf = async (folder: string) => {
    const mark = await fileMark(fileOf(folder));
    const cached = cache.get(folder);
    if (cached?.mark === mark) return cached.content;
    const content = await readFolder(folder, faultIn);
    cache.set(folder, { mark, content });
    return content;
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

async function readFolder(folder: string, faultIn: AbilityJudge): Promise<Content> {
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
    return parseAbilities(text, { file, folder, time: found.mtimeMs }, faultIn);
  } catch (error) {
    return problem(1, `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where a text of Abilities stands. */
export interface AbilitiesPlace {
  readonly file: string;
  readonly folder: string;
  /** When it was written, ms since 1970. */
  readonly time: number;
}

/** Reads the text of an Abilities file: good entries as Abilities, each fault with its line. */
export function parseAbilities(text: string, place: AbilitiesPlace, faultIn: AbilityJudge): Content {
  const { file, folder, time } = place;
  const json = linedJson(text);
  if (json.fault) return { abilities: [], problems: [{ file, ...json.fault }] };
  const problems: AbilityProblem[] = [];
  const wrong = (at: readonly PropertyKey[], what: string) =>
    void problems.push({ file, ...json.wrong(at, what) });
  for (const issue of AbilitiesFile.safeParse(json.value).error?.issues ?? []) {
    wrong(issue.path, `${issue.message}.`);
  }
  const abilities = new Map<string, Ability>();
  for (const [index, entry] of wholeEntries(json.value)) {
    const unfit = faultIn(entry);
    if (abilities.has(entry.id)) {
      wrong(['abilities', index, 'id'], `"${entry.id}" is taken by another Ability.`);
    } else if (unfit) {
      wrong(['abilities', index, ...(unfit.field ?? '').split('.')], `${unfit.what} ${unfit.mend}`);
    } else abilities.set(entry.id, toAbility(entry, folder, time));
  }
  return { abilities: [...abilities.values()], problems };
}

/** The entries that are whole by themselves, with their places, so that one slip does not hide the rest. */
function wholeEntries(value: unknown): [number, AbilitiesFile['abilities'][number]][] {
  const entries = (value as { abilities?: unknown } | null)?.abilities;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => {
    const one = AbilitiesFile.shape.abilities.safeParse([entry]).data?.[0];
    return one ? [[index, one] as [number, typeof one]] : [];
  });
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
  const mark = db.data.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = db.data.slice(mark.length) || '{\n  "abilities": []\n}\n';
  const faults: jsonc.ParseError[] = [];
  const parsed = AbilitiesFile.safeParse(jsonc.parse(text, faults, { allowTrailingComma: true }));
  if (faults.length > 0 || !parsed.success) {
    const at = parseAbilities(text, { file, folder, time: 0 }, () => null).problems[0];
    const what = `The file has a fault in line ${at?.line ?? 1}: ${at?.message ?? 'it cannot be read.'}`;
    return bad(
      failures.invalid(`${file}:${at?.line ?? 1}`, what, 'Mend the file first; nothing was changed.'),
    );
  }
  db.data = mark + edit(text, parsed.data);
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
