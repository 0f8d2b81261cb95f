/** How a text lies on disk: kept when the text is changed. */
export interface TextForm {
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  readonly mark: boolean;
}

/** A text and its form. */
export interface FormedText {
  readonly text: string;
  readonly form: TextForm;
}

/** The form of a new file. */
export const plainForm: TextForm = { encoding: 'utf8', mark: false };

const marks: readonly (readonly [TextForm['encoding'], readonly number[]])[] = [
  ['utf8', [0xef, 0xbb, 0xbf]],
  ['utf16le', [0xff, 0xfe]],
  ['utf16be', [0xfe, 0xff]],
];

/** Reads bytes as text; `null` where they are not text that can be written back unchanged. */
export function decode(bytes: Uint8Array): FormedText | null {
  const found = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const form: TextForm = found ? { encoding: found[0], mark: true } : plainForm;
  const body = bytes.subarray(found?.[1].length ?? 0);
  try {
    const label = { utf8: 'utf-8', utf16le: 'utf-16le', utf16be: 'utf-16be' }[form.encoding];
    const text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\0') ? null : { text, form };
  } catch {
    return null;
  }
}

/** Writes text in a form; the opposite of `decode`, byte for byte. */
export function encode({ text, form }: FormedText): Uint8Array {
  const mark = form.mark ? (marks.find(([encoding]) => encoding === form.encoding)?.[1] ?? []) : [];
  const body = Buffer.from(text, form.encoding === 'utf8' ? 'utf8' : 'utf16le');
  if (form.encoding === 'utf16be') body.swap16();
  return Buffer.concat([Uint8Array.from(mark), body]);
}

/** The line end that a text uses most; `\n` where it has none. */
export function lineEnd(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1;
  const withReturn = text.split('\r\n').length - 1;
  return withReturn * 2 > all ? '\r\n' : '\n';
}

/** The text with every line end made `end`. */
export function withLineEnds(text: string, end: '\n' | '\r\n'): string {
  const plain = text.replaceAll('\r\n', '\n');
  return end === '\n' ? plain : plain.replaceAll('\n', '\r\n');
}
