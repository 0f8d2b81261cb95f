import { readFileSync } from 'node:fs';
import path from 'node:path';
import { l10n } from 'vscode';
import { type Told, teller } from '../server/protocol/told.ts';
import { type Translate, translator } from './translate.ts';

/** The person's language, as the editor has it. */
export const language: Translate = translator((text, ...values) => l10n.t(text, ...values), lateTeller());

/** What the page is told in, in the person's language; what is absent stays English. */
export interface PageTexts {
  /** The page's own texts, by their keys. */
  readonly strings: Readonly<Record<string, string>>;
  /** What the worker says, by its English templates. */
  readonly sentences: Readonly<Record<string, string>>;
}

/** Gives a reader of the page's texts, which are read with the first page. */
export function latePageTexts(): () => PageTexts {
  const once: { texts?: PageTexts } = {};
  return () => {
    once.texts ??= { strings: textsBeside('page'), sentences: textsBeside('worker') };
    return once.texts;
  };
}

/** Tells what the worker says; the sentences are read with the first of them. */
function lateTeller(): Told {
  const once: { teller?: Told } = {};
  const told = () => {
    once.teller ??= teller(textsBeside('worker'));
    return once.teller;
  };
  return { said: (text) => told().said(text), titled: (text) => told().titled(text) };
}

/** Reads a file that lies beside the editor's own of this language, as `worker.de.json`; in English there is none. */
function textsBeside(name: string): Readonly<Record<string, string>> {
  if (!l10n.uri) return {};
  const own = l10n.uri.fsPath;
  const file = path.join(path.dirname(own), path.basename(own).replace(/^bundle\.l10n/, name));
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  } catch {
    return {};
  }
}
