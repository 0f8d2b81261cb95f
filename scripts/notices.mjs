// Collects the licences of what the bundles contain, for the package that people install.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The text of the notices for the inputs of esbuild's metafiles, and for packages that are copied as they are. */
export function noticesOf(root, metafiles, copied) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    [...inputs, ...copied.map((name) => `node_modules/${name}/x`)].flatMap(packageFolder),
  );
  return [...folders]
    .sort()
    .map((folder) => notice(path.join(root, folder)))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The innermost package that an input belongs to. */
function packageFolder(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  return found ? [found] : [];
}

function notice(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    : [];
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const owner = typeof author === 'string' ? author : author?.name;
  return `${[`${name} ${version} (${license ?? 'see below'})`, ...(texts.length > 0 ? texts : [owner ?? ''])].join('\n\n')}\n`;
}
