import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import type { Ending } from '../../processes/launch.ts';
import { limitsOf, longestSeconds } from '../../sandbox/limits.ts';
import { type Carried, carry, untilEnd } from '../commands/carry.ts';
import type { CommandParts } from '../commands/parts.ts';
import { keepFile, markOf } from '../files/keep.ts';
import type { Spot } from '../files/places.ts';
import { ffmpegArguments, progressIn, secondsOf, videoName } from './argv.ts';
import { copyMaterial } from './material.ts';
import type { Storyboard } from './storyboard.ts';

/** How a video is put together: by which program, held by what. */
export interface Assembly {
  readonly ffmpeg: string;
  readonly board: Storyboard;
  /** Why no sandbox holds it; `null` where one does. */
  readonly unheld: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/** How the folders begin in which videos are made; the number of the process follows. */
const folderName = 'butler-video-';
/** How often one looks how far it is, in ms. */
const lookEvery = 500;

/** Puts a video together in a folder that holds nothing else, and takes it into the store; the folder goes. */
export async function assemble(
  assembly: Assembly,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<{ digest: string; size: number }>> {
  await sweepVideos();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), `${folderName}${process.pid}-`)));
  try {
    for (const [name, material] of assembly.board.materials) {
      const copied = await copyMaterial(material, path.join(folder, name), context);
      if (!copied.ok) return copied;
    }
    const ended = await runFfmpeg(assembly, folder, parts, context);
    if (!ended.ok) return ended;
    const spot: Spot = {
      path: path.join(folder, videoName),
      shown: 'the video',
      place: 'workspace',
      exists: true,
    };
    const marked = await markOf(spot, 'slides', context.signal);
    if (!marked.ok) return marked;
    return await keepFile({ spot, field: 'slides', mark: marked.value.mark }, context, () => {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders of workers that died while they made a video. */
async function sweepVideos(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const [, pid] = /^butler-video-(\d+)-\w+$/.exec(name) ?? [];
    const folder = path.join(tmpdir(), name);
    if (pid === undefined || isAlive(Number(pid)) || !(await isOld(folder))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** A process may be one of another container that shares the folder, which cannot be seen from here. */
async function isOld(folder: string): Promise<boolean> {
  const there = await lstat(folder).catch(() => null);
  return there?.isDirectory() === true && Date.now() - there.mtimeMs > longestSeconds * 2000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function runFfmpeg(
  { ffmpeg, board, unheld, environment }: Assembly,
  folder: string,
  parts: CommandParts,
  context: ToolContext,
): Promise<Outcome<void>> {
  const words = [ffmpeg, ...ffmpegArguments(board.cut)];
  const total = secondsOf(board.cut);
  const order = {
    cwd: folder,
    shownCwd: folder,
    words,
    limits: limitsOf(Math.min(longestSeconds, Math.ceil(120 + total * 4))),
    hosts: [],
    effects: [],
    unheld,
    lasting: null,
    environment,
    putsAside: false,
    exactly: null,
  };
  const command = `ffmpeg: a video of ${board.cut.slides.length} pictures`;
  const carried = await carry({ command }, order, parts, { ...context, workspace: folder });
  if (!carried.ok) return carried;
  const timer = setInterval(() => {
    const at = progressIn(carried.value.output()) ?? 0;
    context.progress(Math.min(1, at / total), `${Math.round(at)} of ${Math.round(total)} s`);
  }, lookEvery);
  try {
    return judge(await untilEnd(carried.value, context.signal), carried.value, context);
  } finally {
    clearInterval(timer);
  }
}

function judge(ending: Ending, carried: Carried, { signal }: ToolContext): Outcome<void> {
  if (signal.aborted) return bad(failures.cancelled('No video was made.'));
  if (ending.exit === 0) return good(undefined);
  const said = carried
    .output()
    .replace(/^[a-z_0-9]+=.*$/gm, '')
    .trim()
    .slice(-600)
    .toWellFormed();
  const why = ending.fault ?? (ending.stopped ? `it took too much (${ending.stopped})` : said);
  return bad(
    failures.tool(`ffmpeg made no video: ${why || 'it said nothing'}`, 'Mend that, or take other files.'),
  );
}
