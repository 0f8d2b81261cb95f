import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Import, importsOf } from './imports.ts';

/** Source files by path from the root, `/` between names. */
export type Tree = ReadonlyMap<string, string>;

/** A breach of a rule, at a place. */
export interface Breach {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** The folder of the repository. */
export const root = path.join(import.meta.dirname, '../..');

/** Every source file of ours that the rules hold for; examples and fixtures are none. */
export function ownSources(): Tree {
  const folders = ['server', 'extension', 'webview', 'test', 'bench', 'scripts'];
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: root }));
  const ours = files
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !/\/fixtures?\//.test(file));
  return new Map(ours.sort().map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

/** One import with the file of the tree that it leads to, where it leads to one. */
export interface Edge extends Import {
  readonly from: string;
  readonly to: string | null;
}

/** Every import of every file. */
export function edgesOf(tree: Tree): Edge[] {
  return [...tree].flatMap(([from, text]) =>
    importsOf(text, from.endsWith('.tsx')).map((found) => ({
      ...found,
      from,
      to: found.specifier?.startsWith('.') ? resolve(from, found.specifier, tree) : null,
    })),
  );
}

/** Breaches as lines that an editor can jump to. */
export function report(breaches: readonly Breach[]): string[] {
  return breaches.map(({ file, line, what }) => `${file}:${line} ${what}`);
}

/** Whether it is a test, which may use what its layer may not. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}

function resolve(from: string, specifier: string, tree: Tree): string {
  const plain = path.posix.join(path.posix.dirname(from), specifier);
  const guesses = [
    plain,
    `${plain}.ts`,
    `${plain}.tsx`,
    `${plain}/index.ts`,
    plain.replace(/\.m?js$/, '.ts'),
  ];
  return guesses.find((guess) => tree.has(guess)) ?? plain;
}
