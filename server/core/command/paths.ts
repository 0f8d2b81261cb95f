/** A path from a folder that is itself relative to where the command begins; `.` and `..` worked out. */
export function joined(folder: string, path: string): string {
  const whole = isRooted(path) || folder === '' ? path : `${folder}/${path}`;
  const root = /^(?:[A-Za-z]:)?[/\\]*/.exec(whole)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of whole.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return root + parts.join('/');
}

/** Whether a path begins at a root, a drive or a home folder rather than at the folder in hand. */
export function isRooted(path: string): boolean {
  return /^([/\\~]|[A-Za-z]:)/.test(path);
}

/** Whether a path stays below the folder in hand, letter by letter: relative, and without `..`. */
export function isBelow(path: string): boolean {
  return path !== '' && !isRooted(path) && !path.split(/[/\\]/).includes('..') && !path.includes('://');
}

/** The last name of a path. */
export function lastName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? '';
}

/** Whether a path is the folder in hand itself, or one above it. */
export function isWholeFolder(path: string): boolean {
  return path.split('/').every((part) => part === '' || part === '.' || part === '..');
}

/** Whether a path in a folder goes up from a named part, so that a link would lead elsewhere than the names say. */
export function goesUpFromName(folder: string, path: string): boolean {
  const parts = (isRooted(path) ? path : `${folder}/${path}`)
    .split(/[/\\]/)
    .filter((part) => !/^\.?$/.test(part));
  const name = parts.findIndex((part) => part !== '..');
  return name >= 0 && parts.lastIndexOf('..') > name;
}
