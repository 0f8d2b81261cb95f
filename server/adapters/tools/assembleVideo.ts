import { homedir, tmpdir } from 'node:os';
import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { commandEnvironment, findProgram, searchPath } from '../sandbox/environment.ts';
import type { CommandParts } from './commands/parts.ts';
import { deliver } from './files/deliver.ts';
import { ffmpegArguments, secondsOf } from './video/argv.ts';
import { type Assembly, assemble } from './video/assemble.ts';
import { storyboardOf } from './video/storyboard.ts';

const sizes = ['1280x720', '1920x1080', '1080x1920'] as const;

const Input = z.strictObject({
  title: z.string().trim().min(1).max(200),
  slides: z
    .array(z.strictObject({ image: z.string(), seconds: z.number().positive().max(3600).optional() }))
    .min(1)
    .max(200),
  speech: z.string().optional().describe('sound file'),
  subtitles: z.string().optional().describe('.srt'),
  size: z.enum(sizes).default('1280x720'),
});
type Input = z.infer<typeof Input>;

/** Puts pictures and speech together to a video, by the ffmpeg of this machine, and saves it as a deliverable. */
export const assembleVideo = (parts: CommandParts): Tool<Input> => ({
  name: 'assemble_video',
  description: 'Saves a video of pictures and speech as a deliverable.',
  input: Input,
  needs: [
    { permission: 'run', reason: 'It runs ffmpeg.' },
    { permission: 'read', reason: 'Takes the pictures and the speech.' },
  ],
  repeatable: true,
  offered: async () => findProgram('ffmpeg', searchPath(parts.environment, [])) !== null,
  async plan(input, context) {
    const found = await assemblyOf(input, parts, context);
    if (!found.ok) return found;
    const { board, ffmpeg, unheld } = found.value;
    const { slides } = board.cut;
    const seconds = Math.round(secondsOf(board.cut));
    const argv = ['ffmpeg', ...ffmpegArguments(board.cut)];
    const run = { kind: 'run' as const, argv, cwd: tmpdir(), known: true, sandboxed: unheld === null };
    const lines = input.slides.map(
      ({ image }, index) => `${(slides[index]?.seconds ?? 0).toFixed(1)} s  ${image}`,
    );
    const more = [input.speech ?? [], input.subtitles ?? []].flat();
    return good({
      title: `Make a video "${input.title}" of ${slides.length} pictures, ${seconds} s long`,
      effects: [...board.effects, { ...run, reversible: true }],
      exactly: { ffmpeg, unheld, argv, marks: marksOf(found.value) },
      preview: {
        kind: 'text',
        text: [...lines, ...more, '', unheld ?? 'Held by a sandbox, without network'].join('\n'),
      },
    });
  },
  async run(input, plan, context) {
    const found = await assemblyOf(input, parts, context);
    if (!found.ok) return found;
    const { board, ffmpeg, unheld } = found.value;
    const exactly = {
      ffmpeg,
      unheld,
      argv: ['ffmpeg', ...ffmpegArguments(board.cut)],
      marks: marksOf(found.value),
    };
    if (JSON.stringify(exactly) !== JSON.stringify(plan.exactly)) {
      return bad(failures.conflict('A file changed since the video was planned.', 'Make it again.'));
    }
    const outside = [...board.materials.values()].find(
      ({ source }) => source.kind === 'file' && source.spot.place === 'outside',
    );
    if (outside)
      return bad(failures.denied('A file lies outside of the workspace.', 'Take one of the workspace.'));
    const made = await assemble(found.value, parts, context);
    if (!made.ok) return made;
    const facts = { seconds: Math.round(secondsOf(board.cut)) };
    const files = [{ path: 'video.mp4', ...made.value }];
    return good(await deliver({ type: 'video', title: input.title, files, facts }, context));
  },
});

async function assemblyOf(
  input: Input,
  { environment, sandbox }: CommandParts,
  context: ToolContext,
): Promise<Outcome<Assembly>> {
  const { workspace, ownFolders, signal } = context;
  const never = [workspace, ...ownFolders];
  const ffmpeg = findProgram('ffmpeg', searchPath(environment, never));
  if (!ffmpeg)
    return bad(failures.tool('There is no ffmpeg on this machine.', 'Install ffmpeg, then try again.'));
  const board = await storyboardOf(input, context);
  if (!board.ok) return board;
  const checked = await sandbox.check(workspace, signal);
  const unheld = checked.ok ? null : `NOT held by a sandbox: ${checked.failure.what}`;
  const scratch = tmpdir();
  const own = commandEnvironment({ from: environment, never, home: homedir(), scratch });
  return good({ ffmpeg, board: board.value, unheld, environment: own });
}

function marksOf({ board }: Assembly): string[][] {
  return [...board.materials].map(([name, { mark }]) => [name, mark]);
}
