import { hostOf } from './hosts.ts';
import { goesUpFromName, isBelow, isWholeFolder, joined, lastName } from './paths.ts';
import type { Word } from './plain.ts';
import type { Means } from './programRule.ts';
import type { Touch } from './understanding.ts';

/** What is gathered of one call while its words are judged. */
export interface Gathered {
  readonly touches: Touch[];
  readonly hosts: string[];
  readonly reasons: string[];
}

/** Adds what a word means to a program that runs in `folder`. */
export function addMeaning(name: string, means: Means, word: Word, folder: string, into: Gathered): void {
  switch (means) {
    case 'text':
      return;
    case 'read':
    case 'write':
    case 'delete':
      addFile(means, word, folder, into);
      return;
    case 'change':
      addFile('read', word, folder, into);
      addFile('write', word, folder, into);
      return;
    case 'script':
      if (isBelow(word.value) && !word.glob && !/^[-+]/.test(word.value)) addFile('read', word, folder, into);
      else into.reasons.push(`\`${name}\` would run what is no plain file of the workspace.`);
      return;
    case 'url':
      addHost(name, word.value, into);
      return;
    case 'package':
      if (!packageName.test(word.value)) {
        into.reasons.push(`\`${name}\` would take a package from elsewhere than the registry.`);
      }
      return;
    case 'name':
      if (!/^[A-Za-z0-9_@.:/+-]+$/.test(word.value) || !isBelow(word.value)) {
        into.reasons.push(`It is not known what \`${word.value.slice(0, 60)}\` is to \`${name}\`.`);
      }
      return;
  }
}

/** A name, perhaps with a scope, and perhaps with extras and a version. */
const packageName =
  /^(@[a-z0-9._-]+\/)?[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,_-]+\])?([@=<>~!^]+[A-Za-z0-9.*^~-]+)?$/;

function addHost(name: string, address: string, into: Gathered): void {
  const host = hostOf(address);
  if (host === null) into.reasons.push(`\`${name}\` would reach something that is no plain web address.`);
  else into.hosts.push(host);
}

/** Notes a file that is touched; a pattern for files only where it can hide nothing. */
function addFile(act: Touch['act'], word: Word, folder: string, into: Gathered): void {
  const path = joined(folder, word.value);
  if (word.value === '-' && act === 'read') return;
  if (word.glob && !(act === 'read' && isOpenPattern(word.value))) {
    into.reasons.push(byPattern);
    return;
  }
  for (const [isSo, reason] of [
    [path.startsWith('/dev/') && !devices.has(path), 'It uses a device, or a connection as one.'],
    [
      act !== 'read' && isWholeFolder(path),
      'It changes a whole folder, with files in it that are always asked for.',
    ],
    [goesUpFromName(folder, word.value), byLink],
    [path.startsWith('~'), 'It names a file that looks like a home folder.'],
  ] as const) {
    if (isSo) into.reasons.push(reason);
  }
  into.touches.push({ act, path: path === '' ? '.' : path });
}

/** Why a way up by `..` is not understood. */
export const byLink = 'It goes up from a folder by `..`, and that may be a link to elsewhere.';

/** Why a pattern for files is not understood. */
export const byPattern = 'It names files by a pattern, so nobody can tell which.';

/** Devices that keep nothing, tell nothing, or are the streams that the program has anyway. */
const devices: ReadonlySet<string> = new Set(
  ['null', 'zero', 'full', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'tty'].map(
    (name) => `/dev/${name}`,
  ),
);

/** A pattern of names by their ending: whatever fits is neither hidden nor a file of secrets. */
function isOpenPattern(path: string): boolean {
  const ending = /^\*\.([A-Za-z0-9]+)$/.exec(lastName(path))?.[1] ?? '';
  const folder = path.slice(0, -lastName(path).length);
  return plainEndings.has(ending) && !/[*?[]/.test(folder);
}

const plainEndings: ReadonlySet<string> = new Set([
  ...['ts', 'tsx', 'js', 'jsx', 'mjs', 'cjs', 'py', 'rs', 'go', 'java', 'c', 'h', 'cpp', 'hpp', 'cs', 'rb'],
  ...[
    'php',
    'swift',
    'kt',
    'scala',
    'css',
    'scss',
    'html',
    'md',
    'svg',
    'sql',
    'vue',
    'svelte',
    'csv',
    'log',
  ],
]);
