import { type DeliverableFile, firstFile } from '../../server/protocol/deliverable.ts';

/** How a file can be looked at. */
export type LookKind = 'website' | 'markdown' | 'image' | 'audio' | 'video' | 'pdf' | 'text' | 'none';

/** Pictures that a browser draws without running anything in them. */
const pictures = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/;
const texts = /^text\/|[/+](json|xml|javascript|yaml|toml|x-sh|typescript)\b/;

/** How a file can be looked at, by what it says of itself and by its name. */
export function lookKind({ path, mime }: Pick<DeliverableFile, 'path' | 'mime'>): LookKind {
  if (/\.html?$/i.test(path) || mime === 'text/html') return 'website';
  if (/\.(md|markdown)$/i.test(path) || mime === 'text/markdown') return 'markdown';
  if (pictures.test(mime)) return 'image';
  if (mime.startsWith('audio/')) return 'audio';
  if (mime.startsWith('video/')) return 'video';
  if (/\.pdf$/i.test(path) || mime === 'application/pdf') return 'pdf';
  return texts.test(mime) || languageOf(path) !== '' ? 'text' : 'none';
}

/** The file that a look begins with: the first that a person opens of those that can be looked at here, else a PDF. */
export function firstLook(files: readonly DeliverableFile[], entry?: string): DeliverableFile | undefined {
  const kinds = files.map(lookKind);
  const seen = files.filter((_, at) => kinds[at] !== 'none' && kinds[at] !== 'pdf');
  return firstFile(seen, entry) ?? files[kinds.indexOf('pdf')] ?? files[0];
}

/** The path that a link in a file of a deliverable leads to, without what follows `?`; `null` where it leaves it. */
export function resolvePath(from: string, link: string): { path: string; anchor: string } | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return null;
  const base = `http://deliverable.invalid/${from.split('/').map(encodeURIComponent).join('/')}`;
  if (!URL.canParse(link, base)) return null;
  const { pathname, hash } = new URL(link, base);
  try {
    const path = decodeURIComponent(pathname).slice(1);
    return { path, anchor: decodeURIComponent(hash.slice(1)) };
  } catch {
    return null;
  }
}

/** The language of a file's text by its name, as the painter of code calls it; empty where it is not known. */
export function languageOf(path: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(languages, ending) ? (languages[ending] ?? '') : '';
}

const languages: Readonly<Record<string, string | undefined>> = {
  ...{ sh: 'bash', bash: 'bash', c: 'c', h: 'c', cs: 'csharp', css: 'css', diff: 'diff', patch: 'diff' },
  ...{ go: 'go', java: 'java', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascript' },
  ...{ json: 'json', md: 'markdown', py: 'python', rs: 'rust', sql: 'sql', ts: 'typescript' },
  ...{ tsx: 'typescript', html: 'xml', htm: 'xml', xml: 'xml', svg: 'xml', yaml: 'yaml', yml: 'yaml' },
};
