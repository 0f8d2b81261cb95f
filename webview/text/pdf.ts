/** What a PDF says of itself, where it can be read without drawing it. */
export interface PdfFacts {
  readonly pages: number | null;
  /** Empty where it has none. */
  readonly title: string;
}

/** Packed parts of a PDF that are looked into, and characters of one. */
const mostParts = 60;
const longestPart = 4_000_000;
/** Characters of a title. */
const longestTitle = 200;

/** Reads how many pages a PDF has, and its title. Nothing is drawn, and what is not understood is left out. */
export async function pdfFacts(file: Blob): Promise<PdfFacts> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder('latin1').decode(bytes);
  const objects = [text, ...(await packedParts(bytes, text))].flatMap((part) => part.split(/endobj|>>\s*<</));
  const isLocked = /\/Encrypt\s+\d/.test(text);
  let [pages, title]: [number | null, string] = [null, ''];
  for (const object of objects) {
    if (/\/Type\s*\/Pages\b/.test(object)) {
      const count = Number(/\/Count\s+(\d{1,6})\b/.exec(object)?.[1] ?? 0);
      pages = Math.max(pages ?? 0, count) || null;
    }
    if (!isLocked && /\/(Producer|Creator|CreationDate)\b/.test(object)) title = titleIn(object) || title;
  }
  return { pages, title };
}

/** Parts that hold objects of the PDF, unpacked. */
async function packedParts(bytes: Uint8Array<ArrayBuffer>, text: string): Promise<string[]> {
  const parts: string[] = [];
  let left = mostParts;
  for (const { index } of text.matchAll(/\/Type\s*\/ObjStm\b/g)) {
    if (left-- === 0) break;
    const begins = /stream\r?\n/g;
    begins.lastIndex = index;
    const start = begins.exec(text) ? begins.lastIndex : text.length;
    const end = text.indexOf('endstream', start);
    if (end > start) parts.push(await unpacked(bytes.subarray(start, end)));
  }
  return parts;
}

/** The text of a packed part, as far as it can be unpacked: what follows its end is no fault here. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const decoder = new TextDecoder('latin1');
  let text = '';
  try {
    while (text.length < longestPart) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value);
    }
  } catch {
    // It is what came until here.
  }
  await reader.cancel().catch(() => {});
  return text;
}

function titleIn(object: string): string {
  const written = /\/Title\s*\(((?:[^\\()]|\\[\s\S]){1,2000})\)/.exec(object)?.[1];
  const hex = /\/Title\s*<([\da-f\s]{1,4000})>/i.exec(object)?.[1]?.replace(/\s/g, '');
  const codes = hex === undefined ? written?.replace(/\\([0-7]{1,3}|\r\n|[\s\S])/g, escaped) : fromHex(hex);
  if (codes === undefined) return '';
  const bytes = Uint8Array.from(codes, (one) => one.charCodeAt(0));
  const form = codes.startsWith('\xfe\xff')
    ? 'utf-16be'
    : codes.startsWith('\xef\xbb\xbf')
      ? 'utf-8'
      : 'latin1';
  return new TextDecoder(form).decode(bytes).trim().slice(0, longestTitle);
}

function fromHex(hex: string): string {
  return hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

function escaped(_: string, what: string): string {
  if (/^[0-7]/.test(what)) return String.fromCharCode(Number.parseInt(what, 8) & 255);
  return { n: '\n', r: '\r', t: '\t', '\n': '', '\r': '', '\r\n': '' }[what] ?? what;
}
