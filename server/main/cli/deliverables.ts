import { resolve } from 'node:path';
import { listVersions } from '../../core/deliverableVersions.ts';
import { type DeliverableFinding, firstFile } from '../../protocol/deliverable.ts';
import type { DeliverableVersion } from '../../protocol/deliverableVersion.ts';
import { failures } from '../../protocol/failure.ts';
import { revealed } from '../../protocol/reveal.ts';
import { exportTo, publishAgain, readFileOf } from '../deliverables.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTable, tellFailure, withButler } from './open.ts';
import type { CommonOptions } from './options.ts';
import { handOver } from './run.ts';

interface ListOptions extends CommonOptions {
  readonly limit?: number;
  readonly ability?: string;
  readonly job?: string;
}

/** Lists deliverables, newest first. */
export function list({ limit = 20, ability, job, ...options }: ListOptions): Promise<number> {
  return withButler(options, async (butler) => {
    const found = await butler.store.deliverables({
      ...(ability === undefined ? {} : { ability }),
      ...(job === undefined ? {} : { job }),
      limit,
    });
    if (options.json) for (const one of found) printJson(one);
    else if (found.length === 0) printLine('No deliverables yet.');
    else {
      printTable(
        found.map(({ id, type, created, files, published, title }) => [
          id,
          when(created),
          type,
          countOf(files),
          published?.location ?? 'not published',
          title,
        ]),
      );
    }
    return exitCodes.done;
  });
}

/** Shows one with its files, its versions and what a look at it found. */
export function show(options: CommonOptions, [id = '']: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const found = await butler.store.deliverable(id);
    if (!found) return tellFailure(options, failures.notFound('deliverable', id));
    const listed = await listVersions(butler.store, { id, limit: 20 });
    const versions = listed.ok ? listed.value.versions : [];
    if (options.json) {
      printJson({ ...found, versions });
      return exitCodes.done;
    }
    printLine(`${found.title} (${found.type}), ${when(found.created)}, job ${found.job}`);
    printLine(`${found.published ? `Published: ${found.published.location}` : 'Not published.'}\n`);
    printTable(found.files.map(({ path, size, mime }) => [`${size}`.padStart(12), path, mime]));
    for (const finding of found.findings ?? []) printLine(findingLine(finding));
    if (versions.length > 1) {
      printLine('\nVersions:');
      printTable(versions.map(versionRow));
    }
    return exitCodes.done;
  });
}

/** Prints one file; on a terminal nothing in it can steer that. */
export function open(options: CommonOptions, [id = '', file]: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const found = await butler.store.deliverable(id);
    if (!found) return tellFailure(options, failures.notFound('deliverable', id));
    const path = file ?? firstFile(found.files)?.path ?? '';
    const { digest } = found.files.find((one) => one.path === path) ?? {};
    if (digest && !process.stdout.isTTY && !options.json) {
      const pieces = await butler.store.blobs.open(digest);
      if (!pieces) return tellFailure(options, failures.deleted(path));
      for await (const piece of pieces) if (!(await written(piece))) break;
      return exitCodes.done;
    }
    const read = await readFileOf(butler, { id, path });
    if (!read.ok) return tellFailure(options, read.failure);
    const { mime, encoding, content } = read.value;
    if (options.json) printJson({ path, ...read.value });
    else
      printLine(
        encoding === 'utf8' ? content : `${path} is ${mime}; save it: butler deliverable save ${id} <folder>`,
      );
    return exitCodes.done;
  });
}

/** Saves files of one in a folder. */
export function save(
  options: CommonOptions & { file?: readonly string[]; replace?: boolean },
  [id = '', folder = '']: readonly string[],
): Promise<number> {
  return withButler(options, async (butler) => {
    const wanted = { paths: options.file, replace: options.replace ?? false };
    const { signal } = new AbortController();
    const saved = await exportTo(butler, { id, folder: resolve(folder), ...wanted }, signal);
    if (!saved.ok) return tellFailure(options, saved.failure);
    if (options.json) printJson(saved.value);
    else printLine(`Saved ${countOf(saved.value.files)} in ${saved.value.folder}`);
    return exitCodes.done;
  });
}

/** Publishes any version again, and follows the job that does it. */
export function publish(
  options: CommonOptions & { yes?: boolean },
  [id = '']: readonly string[],
): Promise<number> {
  return handOver(options, (butler) => publishAgain(butler, id, actor));
}

/** A finding as a line. */
export function findingLine({ file, line, what, severe }: DeliverableFinding): string {
  const place = file === undefined ? '' : `${revealed(file)}${line === undefined ? '' : `:${line}`}: `;
  return `${severe ? '✗' : '•'} ${place}${what}`;
}

function versionRow({ deliverable, number, created, differs, published }: DeliverableVersion): string[] {
  const { added = 0, changed = 0, removed = 0 } = differs ?? {};
  const told = differs ? `${added} added, ${changed} changed, ${removed} removed` : 'the first';
  return [`${number}`, deliverable, when(created), told, published ? 'published' : ''];
}

function countOf(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

function when(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** Writes to the output; `false` where nobody reads it any more. */
function written(piece: Uint8Array): Promise<boolean> {
  const { stdout } = process;
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    stdout.once('error', gone);
    stdout.write(piece, (error) => {
      if (!error) stdout.off('error', gone);
      resolve(!error);
    });
  });
}
