// Leaves of the icon font and its stylesheet what the page names: a tenth of both.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import subsetFont from 'subset-font';

const rule = /\.codicon-([a-z0-9-]+):before\s*\{\s*content:\s*(["'])(.+?)\2;?\s*\}/g;

/** Cuts `codicon.ttf` and `webview.css` of a folder down to the icons whose names stand as words in `webview.js`. */
export async function keepUsedIcons(folder) {
  const [sheet, font, script] = ['webview.css', 'codicon.ttf', 'webview.js'].map((name) =>
    path.join(folder, name),
  );
  const [css, page] = await Promise.all([readFile(sheet, 'utf8'), readFile(script, 'utf8')]);
  const named = new Set([...page.matchAll(/["'`]([a-z0-9-]+)["'`]/g)].map(([, word]) => word));
  let glyphs = '';
  const kept = css.replaceAll(rule, (whole, name, _, content) => {
    if (!named.has(name)) return '';
    glyphs += content.startsWith('\\')
      ? String.fromCodePoint(Number.parseInt(content.slice(1), 16))
      : content;
    return whole;
  });
  if (glyphs === '') throw new Error('No icon of the page was found: the stylesheet of the icons changed.');
  const cut = await subsetFont(await readFile(font), glyphs, { targetFormat: 'truetype' });
  await Promise.all([writeFile(sheet, kept), writeFile(font, cut)]);
}
