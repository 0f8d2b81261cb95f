import { setImmediate as otherWork } from 'node:timers/promises';
import type { Blobs } from '../../core/ports/store.ts';
import type { DeliverableFile, DeliverableFinding } from '../../protocol/deliverable.ts';
import { decode } from '../tools/files/textForm.ts';
import { reach } from './bytes.ts';
import { checkCode } from './code.ts';
import { checkDocument, checkPdf } from './document.ts';
import { type Findings, newFindings } from './findings.ts';
import { type SiteFiles, siteFiles } from './links.ts';
import { checkDrawing } from './media/drawing.ts';
import type { Medium } from './media/medium.ts';
import { probe } from './media/probes.ts';
import { openParser } from './parser.ts';
import { checkWebsite, type TextFile } from './website.ts';

/** What a medium of a deliverable says of itself. */
export type MediumFacts = { readonly file: string } & Omit<Medium, 'fault'>;

/** What a look at a deliverable came to. */
export interface Checked {
  readonly findings: DeliverableFinding[];
  readonly media: MediumFacts[];
}

/** A longer text is not looked at, in bytes. */
const longestText = 2 * 1024 * 1024;
/** Media that are told of, and looked at. */
const mostMedia = 500;

/** Looks at the files of a deliverable, as its type wants them; nothing that it finds forbids anything. */
export async function check({ type, files }: Delivered, blobs: Blobs, signal: AbortSignal): Promise<Checked> {
  const looking = { blobs, findings: newFindings(), signal };
  const media: MediumFacts[] = [];
  try {
    await checkMedia({ type, files }, looking, media);
    await checkTexts({ type, files }, looking);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { findings: looking.findings.list(), media };
}

interface Delivered {
  readonly type: string;
  readonly files: readonly DeliverableFile[];
}

async function checkTexts({ type, files }: Delivered, looking: Looking): Promise<void> {
  const { blobs, findings, signal } = looking;
  const texts = (fits: (path: string) => boolean) => textsOf(files, fits, looking);
  const paths = siteFiles(files.map(({ path }) => path));
  if (type === 'website') await checkWebsite(texts(isPage), paths, findings, signal);
  if (type === 'document') {
    await eachDocument(texts(isDocument), paths, findings);
    for (const file of files) {
      if (/\.pdf$/i.test(file.path)) await checkPdf(file.path, reach(file, blobs, signal), findings);
    }
  }
  await eachCode(texts(type === 'code' ? isSource : isData), type === 'code', looking);
}

const isPage = (path: string) => /\.(html?|css)$/i.test(path);
const isDocument = (path: string) => /\.(md|markdown|html?|txt)$/i.test(path);
const isData = (path: string) => /\.(json|webmanifest|geojson)$/i.test(path);
const isMedium = (path: string) =>
  /\.(png|jpe?g|gif|webp|svg|mp4|m4v|m4a|mov|webm|mkv|mp3|wav|flac|og[gav]|opus)$/i.test(path);
const isSource = (path: string) => !isMedium(path) && /\.[a-z0-9]+$/i.test(path);

interface Looking {
  readonly blobs: Blobs;
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

async function* textsOf(
  files: readonly DeliverableFile[],
  fits: (path: string) => boolean,
  { blobs, findings, signal }: Looking,
): AsyncGenerator<TextFile> {
  for (const { path, digest, size } of files) {
    if (!fits(path)) continue;
    await otherWork();
    if (signal.aborted) return;
    if (size > longestText) {
      findings.add(path, 'it is too large to be looked at', false);
      continue;
    }
    const bytes = await blobs.get(digest);
    const text = bytes ? decode(bytes)?.text : undefined;
    if (text !== undefined) yield { path, text };
    else if (isPage(path) || isDocument(path) || isData(path)) findings.add(path, 'it is no text', true);
  }
}

async function eachDocument(
  texts: AsyncIterable<TextFile>,
  files: SiteFiles,
  findings: Findings,
): Promise<void> {
  for await (const file of texts) checkDocument(file, files, findings);
}

async function eachCode(
  texts: AsyncIterable<TextFile>,
  isAll: boolean,
  { findings, signal }: Looking,
): Promise<void> {
  await using parser = openParser(signal);
  const unparsed = new Map<string, number>();
  for await (const file of texts) {
    if (await checkCode(file, findings, parser)) continue;
    const ending = /\.[a-z0-9]+$/i.exec(file.path)?.[0].toLowerCase() ?? '';
    unparsed.set(ending, (unparsed.get(ending) ?? 0) + 1);
  }
  if (!isAll || unparsed.size === 0) return;
  const told = [...unparsed].map(([ending, count]) => `${count} ${ending}`).slice(0, 12);
  findings.add(undefined, `nothing here parses these, so they were not checked: ${told.join(', ')}`, false);
}

const kinds: Readonly<Record<string, Medium['kind']>> = { image: 'image', audio: 'audio', video: 'video' };

async function checkMedia(
  { type, files }: Delivered,
  { blobs, findings, signal }: Looking,
  media: MediumFacts[],
): Promise<void> {
  const wanted = kinds[type];
  const all = files.filter(({ path }) => isMedium(path));
  for (const file of all.slice(0, mostMedia)) {
    const isDrawing = /\.svg$/i.test(file.path);
    const medium = await (isDrawing ? checkDrawing(file, blobs, signal) : probe(reach(file, blobs, signal)));
    if (!medium) findings.add(file.path, 'it is not what its name says', true);
    else {
      const { fault, ...facts } = medium;
      if (fault) findings.add(file.path, `it ${fault}`, true);
      media.push({ file: file.path, ...facts });
    }
  }
  if (all.length > mostMedia) {
    findings.add(undefined, `only the first ${mostMedia} media were looked at`, false);
  }
  if (wanted && !media.some(({ kind }) => kind === wanted)) {
    findings.add(undefined, `it holds no ${wanted} that can be recognised`, true);
  }
}
