/** A picture and how long it is shown. */
export interface Shown {
  /** The name of its file in the folder where the video is made. */
  readonly name: string;
  readonly seconds: number;
}

/** What a video is made of; every name is ours. */
export interface Cut {
  readonly slides: readonly Shown[];
  readonly speech: string | null;
  readonly subtitles: string | null;
  readonly width: number;
  readonly height: number;
}

/** The name of the video that comes of it. */
export const videoName = 'out.mp4';

const frames = 25;

/** The seconds that the whole takes. */
export function secondsOf({ slides }: Pick<Cut, 'slides'>): number {
  return slides.reduce((sum, { seconds }) => sum + seconds, 0);
}

/**
 * The arguments of ffmpeg: each picture fits into the frame as it is, one after another; the speech begins with the
 * first, subtitles can be switched on. Nothing but files of its folder is opened.
 */
export function ffmpegArguments(cut: Cut): string[] {
  const { slides, speech, subtitles, width, height } = cut;
  const files = ['-protocol_whitelist', 'file,pipe'];
  const pictures = slides.flatMap(({ name, seconds }) => {
    const long = ['-loop', '1', '-framerate', `${frames}`, '-t', timeOf(seconds)];
    return [...files, '-f', 'image2', '-pattern_type', 'none', ...long, '-i', name];
  });
  const sound = speech === null ? [] : [...files, '-i', speech];
  const words = subtitles === null ? [] : [...files, '-f', 'srt', '-i', subtitles];
  const fit = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
    'format=yuv420p',
  ].join(',');
  const each = slides.map((_slide, index) => `[${index}:v]${fit}[v${index}]`);
  const joined = slides.map((_slide, index) => `[v${index}]`).join('');
  const filter = [...each, `${joined}concat=n=${slides.length}:v=1:a=0[v]`].join(';');
  const wordsAt = slides.length + (speech === null ? 0 : 1);
  return [
    '-nostdin',
    '-hide_banner',
    ...['-loglevel', 'error', '-nostats', '-progress', 'pipe:1', '-stats_period', '1'],
    ...pictures,
    ...sound,
    ...words,
    ...['-filter_complex', filter, '-map', '[v]'],
    ...(speech === null
      ? []
      : ['-map', `${slides.length}:a:0`, '-c:a', 'aac', '-b:a', '128k', '-ar', '48000']),
    ...(subtitles === null ? [] : ['-map', `${wordsAt}:s:0`, '-c:s', 'mov_text']),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21'],
    ...[
      '-t',
      timeOf(secondsOf(cut)),
      '-movflags',
      '+faststart',
      '-map_metadata',
      '-1',
      '-f',
      'mp4',
      videoName,
    ],
  ];
}

/** How far ffmpeg says that it is, in seconds; `null` before it says anything. */
export function progressIn(output: string): number | null {
  const [, micro] = /.*out_time_us=(\d+)/s.exec(output) ?? [];
  return micro === undefined ? null : Number(micro) / 1e6;
}

function timeOf(seconds: number): string {
  return seconds.toFixed(3);
}
