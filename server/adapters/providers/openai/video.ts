import * as z from 'zod';
import { mediaUsd } from '../../../core/models.ts';
import { type FilmDialect, type FilmState, filmName } from '../filming.ts';
import { Unreadable } from '../refusal.ts';

/**
 * Videos as OpenAI's Videos API has them (https://platform.openai.com/docs/api-reference/videos). OpenAI itself
 * ended it on 2026-09-24 and named none in its place; services at other addresses go on with it.
 */
export const openAiVideo: FilmDialect = {
  model: 'sora-2',
  longest: 10_000,
  seconds: [4, 8, 12],
  usd: ({ model = 'sora-2', seconds }) => mediaUsd(model, { seconds }),
  begin: ({ model, words, seconds, tall, image }, once) => ({
    path: '/videos',
    body: JSON.stringify({
      model,
      prompt: words,
      seconds: String(seconds),
      size: tall ? '720x1280' : '1280x720',
      ...(image ? { input_reference: { image_url: `data:${image.type};base64,${image.base64}` } } : {}),
    }),
    headers: { 'idempotency-key': once },
  }),
  path: (name) => `/videos/${encodeURIComponent(name)}`,
  read,
  stop: (name) => ({ path: `/videos/${encodeURIComponent(name)}`, method: 'DELETE' }),
  isGone: ({ status }) => status === 410,
};

/** Whether the service at an address still has them; `undefined` is OpenAI's own. */
export function hasVideos(baseURL: string | undefined): boolean {
  return baseURL !== undefined && URL.canParse(baseURL) && new URL(baseURL).hostname !== 'api.openai.com';
}

const Video = z.object({
  id: z.unknown(),
  status: z.string(),
  progress: z.number().nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

function read(answer: unknown): FilmState {
  const video = Video.safeParse(answer);
  if (!video.success) throw new Unreadable('an answer of another shape');
  const { id, status, progress, error } = video.data;
  const name = filmName(id);
  if (status === 'completed')
    return { kind: 'ready', name, at: `/videos/${encodeURIComponent(name)}/content` };
  if (/fail|error|cancel|expire|reject/i.test(status)) {
    const refused = /moderation|policy|safety|content_filter/i.test(error?.code ?? '');
    return { kind: 'failed', name, why: error?.message ?? status, refused };
  }
  return { kind: 'working', name, fraction: Math.min(1, Math.max(0, (progress ?? 0) / 100)) };
}
