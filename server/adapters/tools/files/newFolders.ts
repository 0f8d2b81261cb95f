import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** A folder that is not there yet, with those above it that are not there either, outermost first. */
export async function missingFolders(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = folder; !(await stands(at)); at = path.dirname(at)) missing.unshift(at);
  return missing;
}

/** Folders above one file that were made for it at different times: each once, outermost first. */
export function joined(some: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...some, ...more])].toSorted((one, other) => one.length - other.length);
}

async function stands(folder: string): Promise<boolean> {
  return realpath(folder).then(
    () => true,
    () => false,
  );
}
