import type { DeliverableFile } from '../../../protocol/deliverable.ts';

/** Subtitles with the language that they are in. */
export interface Caption {
  readonly file: DeliverableFile;
  readonly language: string;
  /** What it is called where a person chooses; empty for the only ones of a language. */
  readonly name: string;
}

/**
 * Which files are subtitles in which language, and what they are called: `talk.en.srt` is English; without a word
 * for it, the language of the config counts. No two of a language bear one name.
 */
export function captionsOf(files: readonly DeliverableFile[], fallback: string | undefined): Caption[] {
  const spoken = files.flatMap((file) => {
    const language = languageIn(file.path) ?? fallback;
    return language ? [{ file, language }] : [];
  });
  const taken = new Set<string>();
  return spoken.map(({ file, language }) => {
    const alike = spoken.filter((one) => one.language.toLowerCase() === language.toLowerCase());
    const name = alike.length > 1 ? freeName(file, language, taken) : '';
    return { file, language, name };
  });
}

const known = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

function languageIn(path: string): string | null {
  const said = /\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.[^.]+$/.exec(path)?.[1];
  try {
    return said && known.of(said) ? said : null;
  } catch {
    // Words that only look like a language, as in `talk.the-final-cut.srt`.
    return null;
  }
}

/** YouTube takes names of up to 150 characters. */
const longest = 140;

function freeName({ path }: DeliverableFile, language: string, taken: Set<string>): string {
  const base = [...(path.split('/').pop() ?? '')].slice(0, longest).join('');
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? base : `${base} (${nth})`;
    const key = `${language} ${name}`.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return name;
  }
}
