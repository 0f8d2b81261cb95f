/** Shorter ones are words of everyday text, and taking them out would only spoil it. */
export const shortestSecret = 8;

/**
 * Every text in which a secret may stand: as it is, each line of one that has several, and written in JSON, in
 * markup, in an address, in hexadecimal digits or in base 64 at any place of a longer text. Longest first.
 */
export function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => !/^-----(BEGIN|END) /.test(line));
  const texts = [value, value.trim(), ...lines.map((line) => line.trim())];
  const long = [...new Set(texts)].filter((text) => text.length >= shortestSecret);
  return [...new Set(long.flatMap(written))]
    .filter((form) => form.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
}

function written(text: string): string[] {
  const bytes = utf8(text);
  const json = JSON.stringify(text).slice(1, -1);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const base = [0, 1, 2].map((before) => base64Within(bytes, before));
  const safe = base.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...inAddress(text),
    ...inMarkup(text),
    ...base,
    ...safe,
  ];
}

/** As libraries write it in an address: they differ in the marks that they leave, in blanks and in the case of digits. */
function inAddress(text: string): string[] {
  const usual = encodeURIComponent(text.toWellFormed());
  const strict = usual.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const whole = [usual, strict].flatMap((one) => [
    one,
    one.replaceAll('%20', '+'),
    one.replaceAll('%2F', '/'),
  ]);
  const upper = [...whole, encodeURI(text.toWellFormed())];
  return [...upper, ...upper.map((one) => one.replace(/%../g, (sign) => sign.toLowerCase()))];
}

/** As it stands in HTML and XML, with and without quotes spelled out. */
function inMarkup(text: string): string[] {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = plain.replaceAll('"', '&quot;');
  return [plain, quoted, ...['&#39;', '&#x27;', '&apos;'].map((sign) => quoted.replaceAll("'", sign))];
}

function utf8(text: string): number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] !== '%') bytes.push(escaped.charCodeAt(at));
    else {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    }
  }
  return bytes;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The signs of base 64 that depend on these bytes alone, where `before` bytes of others stand in the same group. */
function base64Within(bytes: readonly number[], before: number): string {
  const padded = [...new Array<number>(before).fill(0), ...bytes];
  const bits = padded.length * 8;
  let text = '';
  for (let at = 0; at + 6 <= bits; at += 6) {
    const index = at >> 3;
    const pair = ((padded[index] ?? 0) << 8) | (padded[index + 1] ?? 0);
    text += alphabet[(pair >> (10 - (at & 7))) & 63];
  }
  return text.slice(Math.ceil((before * 8) / 6));
}
