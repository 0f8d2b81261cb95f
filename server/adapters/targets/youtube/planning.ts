import type { Parcel, TargetPlan } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import { publishesAt } from '../publishesAt.ts';
import type { Config } from './config.ts';
import { plain, YouTubeFault } from './faults.ts';
import { playlistTitle } from './playlist.ts';
import { type Shipment, shipmentOf } from './shipment.ts';
import { undoes } from './takeBack.ts';
import type { Talk } from './talk.ts';
import { type Channel, ownChannel } from './video.ts';

/** What publishing would do, with the channel that it would go to. */
export async function planVideo(talk: Talk, parcel: Parcel, config: Config): Promise<Outcome<TargetPlan>> {
  const shipped = shipmentOf(parcel, config);
  if (!shipped.ok) return shipped;
  try {
    const channel = await ownChannel(talk);
    const fault = channelFault(channel, config);
    if (!channel || fault) return bad(fault ?? noChannel);
    const { playlist } = shipped.value;
    const title = playlist === null ? null : await playlistTitle(talk, playlist, channel.id);
    if (title && !title.ok) return title;
    return good(planOf(shipped.value, channel, title?.value ?? null));
  } catch (error) {
    if (error instanceof YouTubeFault) return bad(error.failure);
    throw error;
  }
}

/** Looks whether an account can publish, without writing. */
export async function checkChannel(talk: Talk, config: Config): Promise<readonly TargetFinding[]> {
  try {
    const channel = await ownChannel(talk);
    const fault = channelFault(channel, config);
    if (!channel || fault) return [{ good: false, ...words(fault ?? noChannel) }];
    const long = channel.status?.longUploadsStatus;
    return [
      { good: true, what: `Signed in to the channel "${plain(channel.snippet.title, 100)}".` },
      long === 'allowed'
        ? { good: true, what: 'The channel may have videos of any length.' }
        : { good: true, what: 'The channel takes videos of up to 15 minutes until it is verified.' },
      { good: true, what: quota },
    ];
  } catch (error) {
    if (error instanceof YouTubeFault) return [{ good: false, ...words(error.failure) }];
    throw error;
  }
}

/** What is wrong with the channel that one is signed in to; `null` where it is the one that is meant. */
export function channelFault(channel: Channel | null, { channel: wanted }: Pick<Config, 'channel'>) {
  if (!channel) return noChannel;
  const names = [channel.id, channel.snippet.customUrl?.toLowerCase()];
  if (!wanted || names.includes(wanted) || names.includes(wanted.toLowerCase())) return null;
  return {
    ...failures.wrongAccount('YouTube'),
    what: `The sign-in is for the channel "${plain(channel.snippet.title, 100)}", not for ${wanted}.`,
  };
}

const noChannel = failures.tool(
  'This Google account has no YouTube channel.',
  'Make one at youtube.com, then try again.',
);
const quota =
  'An upload takes up to 1,600 units of the daily quota of your Google project, by default 10,000.';

function words({ what, mend }: { what: string; mend: string }) {
  return { what, mend };
}

function planOf(shipment: Shipment, channel: Channel, playlistName: string | null): TargetPlan {
  const address = `https://www.youtube.com/channel/${channel.id}`;
  const { video, thumbnail, captions, snippet, status, notify, playlist } = shipment;
  const visibility = status.privacyStatus;
  const sent = [video, ...(thumbnail ? [thumbnail] : []), ...captions.map(({ file }) => file)];
  return {
    address,
    effect: publishesAt('youtube', address, !notify),
    preview: {
      kind: 'files',
      address,
      files: sent.map(({ path, size }) => ({ path, change: 'create', size })),
      visibility,
      undoes,
      notes: notesOf(shipment, channel, playlistName),
    },
    exactly: {
      channel: channel.id,
      snippet: { ...snippet, tags: [...snippet.tags] },
      status,
      notify,
      playlist,
      thumbnail: thumbnail?.path ?? null,
      captions: captions.map(({ file, language, name }) => [file.path, language, name]),
    },
  };
}

/** Files of subtitles that a question names; the others are counted. */
const mostNamed = 10;

function notesOf(shipment: Shipment, channel: Channel, playlistName: string | null): string[] {
  const { captions, left, snippet, status, notify } = shipment;
  const { privacyStatus: visibility, selfDeclaredMadeForKids: kids } = status;
  return [
    `Goes to the channel "${plain(channel.snippet.title, 100)}" as "${snippet.title}", ${kids ? '' : 'not '}made for kids.`,
    ...(snippet.description ? [`Description: ${plain(snippet.description, 300)}`] : []),
    ...(snippet.tags.length > 0 ? [`Tags: ${snippet.tags.join(', ')}.`] : []),
    ...captions
      .slice(0, mostNamed)
      .map(({ file, language }) => `${file.path} becomes subtitles in "${language}".`),
    ...(captions.length > mostNamed ? [`So do ${captions.length - mostNamed} files more.`] : []),
    ...(playlistName === null ? [] : [`It is added to the playlist "${playlistName}".`]),
    ...(notify ? ['Your subscribers are told of it, which cannot be taken back.'] : []),
    ...(visibility === 'private'
      ? []
      : ['YouTube keeps videos of programs that it has not audited private.']),
    ...(left.length > 0 ? [`Stays here: ${plain(left.map(({ path }) => path).join(', '), 200)}.`] : []),
    quota,
  ];
}
