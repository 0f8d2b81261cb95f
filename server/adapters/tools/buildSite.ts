import path from 'node:path';
import * as z from 'zod';
import { looksSecret } from '../../core/policy/protections.ts';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { deliver, type MadeFile } from './files/deliver.ts';
import { look, readBytes } from './files/look.ts';
import { fileEffect, findSpot } from './files/places.ts';
import { listSources } from './files/ripgrep.ts';
import type { Source } from './site/pages.ts';

const Input = z.strictObject({
  folder: z.string().default('.').describe('with the Markdown'),
  title: z.string().trim().min(1).max(200).optional(),
});

const mostPages = 5000;
const largestAsset = 64 * 1024 * 1024;
const mostProblems = 50;

/** Builds a website from the Markdown files of a folder and saves it as a deliverable. */
export const buildSite = ({ rg }: { rg: string }): Tool<z.infer<typeof Input>> => ({
  name: 'build_site',
  description: 'Builds a website from Markdown files.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Reads the Markdown files that the site is made of.' }],
  repeatable: true,
  async plan({ folder }, context) {
    const spot = await findSpot(folder, context, 'folder');
    if (!spot.ok) return spot;
    const { shown } = spot.value;
    const title = `Build a site from ${shown === '.' ? 'the Markdown files' : shown}`;
    return good({
      title,
      effects: [fileEffect('read', spot.value)],
      exactly: spot.value.path,
      preview: null,
    });
  },
  async run({ folder, title }, plan, context) {
    const spot = await findSpot(folder, context, 'folder');
    if (!spot.ok) return spot;
    const { shown, place } = spot.value;
    if (spot.value.path !== plan.exactly || place === 'outside') return bad(noMarkdown(shown));
    const { workspace, signal } = context;
    const all = await listSources({ rg, workspace, folder: '.', signal });
    if (!all.ok) return all;
    const { isMarkdown } = await import('./site/pages.ts');
    const inFolder = (file: string) => shown === '.' || file.startsWith(`${shown}/`);
    const names = all.value.filter((file) => inFolder(file) && isMarkdown(file));
    if (names.length === 0) return bad(noMarkdown(shown));
    if (names.length > mostPages) return bad(tooMany(names.length));
    const { sources, problems } = await readSources(names, context);
    const files = new Set(all.value.filter((file) => !looksSecret(file)));
    const { makeSite } = await import('./site/site.ts');
    const fallback = path.basename(workspace);
    const site = makeSite({ folder: shown, title: title ?? null, fallback, sources, files });
    const copied = await copyAssets(site.assets, context);
    if (!copied.ok) return copied;
    const faults = [...problems, ...site.problems, ...copied.value.problems];
    const more = faults.length > mostProblems ? [`… and ${faults.length - mostProblems} more`] : [];
    const facts = {
      pages: site.pages,
      problemCount: faults.length,
      problems: [...faults.slice(0, mostProblems), ...more],
    };
    const made = { type: 'website', title: site.title, files: [...site.files, ...copied.value.files], facts };
    return good(await deliver(made, context));
  },
});

async function readSources(
  names: readonly string[],
  context: ToolContext,
): Promise<{ sources: Source[]; problems: string[] }> {
  const sources: Source[] = [];
  const problems: string[] = [];
  for (const [index, name] of names.entries()) {
    context.progress(index / names.length / 2, name);
    const spot = await findSpot(name, context);
    const seen = spot.ok && spot.value.place === 'workspace' ? await look(spot.value, context) : spot;
    if (seen.ok && seen.value && 'text' in seen.value) sources.push({ path: name, text: seen.value.text });
    else problems.push(`${name}: could not be read as text`);
  }
  return { sources, problems };
}

async function copyAssets(
  assets: ReadonlyMap<string, string>,
  context: ToolContext,
): Promise<Outcome<{ files: MadeFile[]; problems: string[] }>> {
  const files: MadeFile[] = [];
  const problems: string[] = [];
  for (const [source, output] of assets) {
    if (context.signal.aborted) return bad(failures.cancelled('The site was not built.'));
    context.progress(0.5 + files.length / assets.size / 2, source);
    const spot = await findSpot(source, context);
    const read =
      spot.ok && spot.value.place === 'workspace' ? await readBytes(spot.value, largestAsset) : spot;
    if (read.ok && read.value && 'bytes' in read.value) files.push({ path: output, bytes: read.value.bytes });
    else problems.push(`${source}: could not be copied`);
  }
  return good({ files, problems });
}

function noMarkdown(shown: string) {
  const where = shown === '.' ? 'the workspace' : shown;
  return failures.invalid(
    'folder',
    `"folder": there is no Markdown file in ${where}.`,
    'Name a folder that has some.',
  );
}

function tooMany(count: number) {
  return failures.invalid(
    'folder',
    `"folder": ${count} Markdown files are too many.`,
    'Name a smaller folder.',
  );
}
