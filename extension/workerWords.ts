import type { Translate } from './translate.ts';

/**
 * A text that the worker brings, as that of a target's field, in the person's language: sentence by sentence, and one
 * that has no translation stays as it is.
 */
export function workerWords(text: string, t: Translate): string {
  return keysOf(text)
    .map(({ key, addresses }) => t(key, ...addresses))
    .join(' ');
}

/** The sentences of a text as translations know them, an address in them as `{0}`. */
export function keysOf(text: string): { readonly key: string; readonly addresses: readonly string[] }[] {
  if (text === '') return [];
  return text.split(/(?<=\.) (?=[A-Z])/).map((sentence) => {
    const addresses: string[] = [];
    const key = sentence.replace(/https?:\/\/[^\s"]+/g, (address) => `{${addresses.push(address) - 1}}`);
    return { key, addresses };
  });
}
