import { env, type LogOutputChannel, Uri, workspace } from 'vscode';
import * as z from 'zod';

const Strings = z.record(z.string(), z.string());

/** Gives a reader of the page's texts in the person's language; English needs none. */
export function pageStrings(extension: Uri, log: LogOutputChannel): () => Promise<Record<string, string>> {
  const [language = 'en'] = env.language.split('-');
  const read = async (): Promise<Record<string, string>> => {
    if (!translated.includes(language)) return {};
    const file = Uri.joinPath(extension, 'l10n', `page.${language}.json`);
    try {
      const text = new TextDecoder().decode(await workspace.fs.readFile(file));
      return Strings.parse(JSON.parse(text));
    } catch (error) {
      log.warn(`The texts of the page in "${language}" cannot be read: ${String(error)}`);
      return {};
    }
  };
  const once: { strings?: Promise<Record<string, string>> } = {};
  return () => {
    once.strings ??= read();
    return once.strings;
  };
}

/** The languages that the page is translated to. */
const translated: readonly string[] = ['de'];
