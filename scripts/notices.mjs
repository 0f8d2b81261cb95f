// Collects the licences of what the bundles contain, for the package that people install.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The text of the notices for the inputs of esbuild's metafiles, and for packages that are copied as they are. */
export function noticesOf(root, metafiles, copied) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    [...inputs, ...copied.map((name) => `node_modules/${name}/x`)].flatMap(packageFolder),
  );
  const told = new Map();
  return [...folders]
    .sort()
    .map((folder) => notice(path.join(root, folder), told))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The innermost package that an input belongs to. */
function packageFolder(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  return found ? [found] : [];
}

/** A licence that was told already is told by whose it was, with who holds the rights here. */
function notice(folder, told) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    : [];
  const texts = files.map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8').trim();
    const holders = text.split('\n').filter((line) => holder.test(line));
    const words = text
      .split('\n')
      .filter((line) => !holder.test(line))
      .join(' ')
      .replace(/\s+/g, ' ');
    const first = told.get(words);
    if (first === undefined) told.set(words, `${name} ${version}`);
    return first === undefined ? text : [...holders, `Its licence reads as that of ${first}.`].join('\n');
  });
  const owner = typeof author === 'string' ? author : author?.name;
  return `${[`${name} ${version} (${license ?? 'see below'})`, ...(texts.length > 0 ? texts : [owner ?? ''])].join('\n\n')}\n`;
}

/** A line that says who holds the rights. */
const holder = /^\W*copyright\b|^\W*\(c\) |all rights reserved/i;
