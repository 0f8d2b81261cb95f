import * as z from 'zod';
import { mediaUsd } from '../../../core/models.ts';
import { type FilmDialect, type FilmState, filmName, within } from '../filming.ts';
import { Unreadable } from '../refusal.ts';

const omni = 'gemini-omni-1.1-flash';

/**
 * Videos by Gemini Omni, as background interactions of the size 720p (https://ai.google.dev/gemini-api/docs/omni).
 * Google ended the Veo models of its API on 2026-10-22 and named this one in their place.
 */
export const googleVideo: FilmDialect = {
  model: omni,
  longest: 30_000,
  seconds: [3, 4, 5, 6, 7, 8, 9, 10],
  usd: ({ model = omni, seconds }) => mediaUsd(model, { seconds }),
  begin: ({ model, words, seconds, tall, image }) => ({
    path: '/v1beta/interactions',
    body: JSON.stringify({
      model,
      input: image
        ? [
            { type: 'image', data: image.base64, mime_type: image.type },
            { type: 'text', text: words },
          ]
        : words,
      background: true,
      response_format: {
        type: 'video',
        aspect_ratio: tall ? '9:16' : '16:9',
        delivery: 'uri',
        duration: `${seconds}s`,
        resolution: '720p',
      },
    }),
  }),
  path: (name) => `/v1beta/interactions/${encodeURIComponent(name)}`,
  read,
  stop: (name) => ({ path: `/v1beta/interactions/${encodeURIComponent(name)}/cancel`, method: 'POST' }),
  hosts: /^([a-z0-9-]+\.)*googleapis\.com$/,
  isGone: ({ status, body }) => status === 400 && /invalid interaction name/i.test(body),
};

const Complaint = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  message: z.string().nullish(),
});
const Interaction = z.object({
  id: z.unknown(),
  status: z.string(),
  steps: z
    .array(
      z.object({
        type: z.string(),
        content: z
          .array(z.object({ type: z.string(), uri: z.string().nullish(), data: z.string().nullish() }))
          .nullish(),
      }),
    )
    .nullish(),
  error: Complaint.nullish(),
  errors: z.array(Complaint).nullish(),
});
type Interaction = z.infer<typeof Interaction>;

function read(answer: unknown): FilmState {
  const interaction = Interaction.safeParse(answer);
  if (!interaction.success) throw new Unreadable('an answer of another shape');
  const { id, status } = interaction.data;
  const name = filmName(id);
  if (status === 'completed') return completed(name, interaction.data);
  if (ended.test(status)) return { kind: 'failed', name, ...complaintOf(interaction.data) };
  return { kind: 'working', name, fraction: 0 };
}

/** A video that was refused is completed too, with words in its place. */
function completed(name: string, { steps }: Interaction): FilmState {
  const made = (steps ?? [])
    .filter(({ type }) => type === 'model_output')
    .flatMap((step) => step.content ?? []);
  const video = made.findLast(({ type }) => type === 'video');
  if (!video) return { kind: 'failed', name, why: '', refused: true };
  if (!video.uri && video.data) return { kind: 'ready', name, at: `${within}${video.data}` };
  if (!video.uri || !URL.canParse(video.uri)) throw new Unreadable('a video without an address');
  const at = new URL(video.uri);
  if (!at.searchParams.has('alt')) at.searchParams.set('alt', 'media');
  return { kind: 'ready', name, at: at.href };
}

const ended = /fail|error|cancel|expire|reject|incomplete|exceeded|requires_action/i;

function complaintOf({ status, error, errors }: Interaction): { why: string; refused: boolean } {
  const { code, message } = error ?? errors?.[0] ?? {};
  const refused =
    /safety|prohibited|blocklist|spii/i.test(String(code ?? '')) || isBlocked.test(message ?? '');
  return { why: message ?? status, refused };
}

const isBlocked = /\bblocked\b[^.]*\b(safety|polic(y|ies))\b/i;
