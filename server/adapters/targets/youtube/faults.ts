import * as z from 'zod';
import { type Failure, failures } from '../../../protocol/failure.ts';
import { revealed } from '../../../protocol/reveal.ts';

/** Thrown where YouTube could not be asked or said no; `status` is 0 where nothing was answered. */
export class YouTubeFault extends Error {
  readonly failure: Failure;
  readonly status: number;
  constructor(failure: Failure, status = 0) {
    super(failure.what);
    this.failure = failure;
    this.status = status;
  }
  /** Whether the same may go well in a moment. */
  get passes(): boolean {
    return this.failure.kind === 'offline' || this.failure.kind === 'overloaded';
  }
}

/** An answer that says no. */
export interface Refused {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  /** ms since 1970. */
  readonly now: number;
}

/** What a refusal means, by its reason and else by its status. */
export function failureOf(refused: Refused): Failure {
  const { status } = refused;
  const { reason, message } = saidIn(refused.text);
  const known = reasons[reason]?.(refused);
  if (known) return known;
  if (status === 401) return failures.wrongAccount('YouTube');
  if (status === 429) return failures.limited('YouTube', moment(refused));
  if (status >= 500) return failures.overloaded('YouTube');
  const words = message || `status ${status}`;
  if (status === 403) return failures.denied(`YouTube does not allow it: ${words}`, 'Look at the channel.');
  return failures.tool(`YouTube refused: ${words}`, 'Change what it names, then publish again.');
}

/** When a day ends at YouTube: midnight in California, where its quotas begin anew. */
export function midnightPacific(now: number): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const past = ((part.hour ?? 0) * 60 + (part.minute ?? 0)) * 60 + (part.second ?? 0);
  const guess = now - (now % 1000) + (86_400 - past) * 1000;
  const hour = Number(clock.formatToParts(guess).find(({ type }) => type === 'hour')?.value ?? 0);
  // The night on which clocks change is an hour longer or shorter.
  return hour === 0 ? guess : guess + (hour === 23 ? 3_600_000 : -3_600_000);
}

/** Words of the service, made short and harmless. */
export function plain(words: string, most = 200): string {
  const line = revealed(
    words
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

const Said = z.looseObject({
  error: z.looseObject({
    message: z.string().default(''),
    errors: z.array(z.looseObject({ reason: z.string().default('') })).default([]),
  }),
});

function saidIn(text: string): { reason: string; message: string } {
  try {
    const { error } = Said.parse(JSON.parse(text));
    return { reason: error.errors[0]?.reason ?? '', message: plain(error.message) };
  } catch {
    return { reason: '', message: '' };
  }
}

function moment({ retryAfter, now }: Refused): number | undefined {
  const seconds = Number(retryAfter?.trim() || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 && seconds < 1e8 ? now + seconds * 1000 : undefined;
}

const notTaken = (field: string, what: string) =>
  failures.invalid(`target.config.${field}`, `YouTube does not take ${what}.`, 'Change it in the Ability.');
const wrong = (field: string, what: string) => () => notTaken(field, what);
const quota = ({ now }: Refused): Failure => ({
  ...failures.limited('YouTube', midnightPacific(now)),
  what: "The quota of your Google project is used up until the day's end in California.",
  mend: 'Wait until then, or ask Google for a larger quota.',
});
const soon = (refused: Refused) => failures.limited('YouTube', moment(refused));
const noChannel = () =>
  failures.tool('This Google account has no YouTube channel.', 'Make one at youtube.com, then try again.');
const narrow = () => ({
  ...failures.wrongAccount('YouTube'),
  what: 'The sign-in does not allow what is to be done at YouTube.',
});

/** Playlists to which nothing can be added. */
export const playlistFaults = {
  gone: notTaken('playlist', 'this playlist: it is not there'),
  foreign: notTaken('playlist', 'this playlist: it is not yours'),
} as const;

/** Reasons that YouTube gives, with what they mean for a person. */
const reasons: Readonly<Record<string, (refused: Refused) => Failure>> = {
  quotaExceeded: quota,
  dailyLimitExceeded: quota,
  rateLimitExceeded: soon,
  userRateLimitExceeded: soon,
  uploadRateLimitExceeded: soon,
  uploadLimitExceeded: () => ({
    ...failures.limited('YouTube'),
    what: 'The channel has uploaded as many videos as YouTube allows for now.',
    mend: 'Wait a day, then publish again.',
  }),
  invalidTitle: wrong('title', 'this title'),
  invalidVideoTitle: wrong('title', 'this title'),
  invalidDescription: wrong('description', 'this description'),
  invalidTags: wrong('tags', 'these tags'),
  invalidCategoryId: wrong('category', 'this category'),
  playlistNotFound: () => playlistFaults.gone,
  playlistForbidden: () => playlistFaults.foreign,
  playlistContainsMaximumNumberOfVideos: wrong('playlist', 'another video into this playlist'),
  youtubeSignupRequired: noChannel,
  channelNotFound: noChannel,
  insufficientPermissions: narrow,
  accessNotConfigured: () =>
    failures.tool(
      'The YouTube Data API is not switched on in your Google project.',
      'Switch it on in the Google Cloud console, then try again.',
    ),
  channelSuspended: () => failures.denied('YouTube suspended this channel.', 'See what YouTube says there.'),
  channelClosed: () => failures.denied('This channel was closed.', 'Use another channel.'),
};
