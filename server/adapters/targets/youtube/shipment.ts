import type { Parcel } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { type Caption, captionsOf } from './captions.ts';
import type { Config } from './config.ts';

/** What of a parcel goes to YouTube, and what is said of it. */
export interface Shipment {
  readonly video: DeliverableFile;
  readonly thumbnail: DeliverableFile | null;
  readonly captions: readonly Caption[];
  /** What stays here. */
  readonly left: readonly DeliverableFile[];
  /** As the API wants it, without the mark of an execution. */
  readonly snippet: {
    readonly title: string;
    readonly description: string;
    readonly tags: readonly string[];
    readonly categoryId: string;
    readonly defaultAudioLanguage?: string;
  };
  readonly status: {
    readonly privacyStatus: Config['visibility'];
    readonly selfDeclaredMadeForKids: boolean;
  };
  readonly notify: boolean;
  readonly playlist: string | null;
}

/** The tag by which the video of an execution is found again; only the owner of a channel sees tags. */
export function markOf(execution: string): string {
  return `butler-${execution}`;
}

/** What YouTube takes at most: of a video 256 GB, of an image 2 MB, of subtitles 100 MB; we read those whole, so less. */
const most = { video: 256e9, thumbnail: 2 * 1024 * 1024, caption: 10e6, captions: 20, tags: 500 } as const;

/** Finds the one video of a parcel with what belongs to it, and says what is wrong before anything is asked. */
export function shipmentOf(parcel: Parcel, config: Config): Outcome<Shipment> {
  const kind = (extensions: RegExp) => parcel.files.filter(({ path }) => extensions.test(path));
  const [video, second] = kind(/\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|wmv|flv|3gpp?|ogv)$/i);
  if (!video || second) {
    const what = video ? 'more than one video' : 'no video';
    return wrong(`This deliverable has ${what}; YouTube wants exactly one.`, 'Save it with one video file.');
  }
  const images = kind(/\.(jpe?g|png)$/i);
  const thumbnail = config.thumbnail
    ? images.find(({ path }) => path === config.thumbnail)
    : images.find(({ path }) => /(^|\/)thumbnail\.[^/]*$/i.test(path));
  if (config.thumbnail && !thumbnail) {
    const what = `There is no JPEG or PNG "${config.thumbnail}" in this deliverable.`;
    return bad(failures.invalid('target.config.thumbnail', what, 'Name an image that is in it.'));
  }
  const captions = captionsOf(kind(/\.(srt|vtt)$/i), config.language);
  const taken = new Set([video, thumbnail, ...captions.map(({ file }) => file)]);
  const shipment = {
    video,
    thumbnail: thumbnail ?? null,
    captions,
    left: parcel.files.filter((file) => !taken.has(file)),
    ...saidOf(parcel, config),
  };
  return faultIn(shipment) ?? good(shipment);
}

function saidOf(parcel: Parcel, config: Config) {
  const { title = parcel.title.trim(), description, tags, category, language } = config;
  return {
    snippet: {
      title,
      description,
      tags,
      categoryId: category,
      ...(language ? { defaultAudioLanguage: language } : {}),
    },
    status: { privacyStatus: config.visibility, selfDeclaredMadeForKids: config.madeForKids },
    notify: config.notify && config.visibility === 'public',
    playlist: config.playlist ?? null,
  };
}

function faultIn({ video, thumbnail, captions, snippet }: Omit<Shipment, 'left'>): Outcome<never> | null {
  const size = (file: DeliverableFile, limit: number) =>
    wrong(`"${file.path}" is larger than YouTube takes (${limit / 1e6} MB).`, 'Make it smaller.');
  const sent = [video, thumbnail, ...captions.map(({ file }) => file)];
  const empty = sent.find((file) => file?.size === 0);
  if (empty) return wrong(`"${empty.path}" is empty.`, 'Make it again, or leave it out.');
  if (video.size > most.video) return size(video, most.video);
  if (thumbnail && thumbnail.size > most.thumbnail) return size(thumbnail, most.thumbnail);
  const large = captions.find(({ file }) => file.size > most.caption);
  if (large) return size(large.file, most.caption);
  if (captions.length > most.captions)
    return wrong(`More than ${most.captions} subtitles.`, 'Leave some out.');
  const { title, description, tags } = snippet;
  if (!/^[^<>\p{Cc}]{1,100}$/u.test(title)) {
    const what = 'A title on YouTube has 1 to 100 characters and neither < nor >.';
    return bad(failures.invalid('target.config.title', what, 'Give the Ability or the deliverable another.'));
  }
  if (Buffer.byteLength(description) > 5000) {
    const what = 'A description on YouTube has at most 5,000 bytes.';
    return bad(failures.invalid('target.config.description', what, 'Make it shorter.'));
  }
  // A tag with a blank counts with quotation marks, and ours with its id of up to 64 characters is one of them.
  const length = tags.reduce((sum, tag) => sum + tag.length + (tag.includes(' ') ? 3 : 1), 72);
  if (length <= most.tags) return null;
  const what = 'All tags together are longer than YouTube takes.';
  return bad(failures.invalid('target.config.tags', what, 'Leave some out.'));
}

function wrong(what: string, mend: string): Outcome<never> {
  return bad(failures.invalid('files', what, mend));
}
