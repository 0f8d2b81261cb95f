import * as z from 'zod';

const words = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^<>]*$/, 'may not hold < or >');
const title = z.string().regex(/^[^<>\p{Cc}]{1,100}$/u, 'has 1 to 100 characters and neither < nor >');
const fileName = z.string().min(1).max(1024);

/** What a person says about videos that an Ability publishes. */
export const Config = z.strictObject({
  madeForKids: z.boolean().meta({
    title: 'Made for kids',
    description: 'Whether the videos are made for children. YouTube and the law want this said.',
  }),
  visibility: z.enum(['private', 'unlisted', 'public']).default('private').meta({
    title: 'Visibility',
    description: 'Who can see a video: only you, everybody with the link, or everybody.',
  }),
  title: title.optional().meta({
    title: 'Title',
    description: 'Up to 100 characters; empty: the title of each deliverable.',
  }),
  description: words(5000).default('').meta({
    title: 'Description',
    description: 'Stands below each video, up to 5,000 bytes.',
  }),
  tags: z
    .array(z.string().regex(/^[^<>,\p{Cc}]{1,60}$/u, 'may not hold < or > or a comma'))
    .max(30)
    .default([])
    .meta({ title: 'Tags', description: 'Words to be found by, as ["garden", "spring"].' }),
  category: z
    .string()
    .regex(/^\d{1,4}$/, 'is a number')
    .default('22')
    .meta({
      title: 'Category',
      description: 'The number of a YouTube category: 22 is People & Blogs, 27 Education, 28 Technology.',
    }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is a language as en or pt-BR')
    .optional()
    .meta({ title: 'Language', description: 'What is spoken, as "en"; also of subtitles that do not say.' }),
  thumbnail: fileName.optional().meta({
    title: 'Thumbnail',
    description: 'The image of the deliverable that is shown before playing; empty: one named thumbnail.',
  }),
  playlist: z
    .string()
    .regex(/^[A-Za-z0-9_-]{2,64}$/, 'is the id of a playlist')
    .optional()
    .meta({ title: 'Playlist', description: 'The id of a playlist of yours to which each video is added.' }),
  notify: z.boolean().default(false).meta({
    title: 'Notify subscribers',
    description: 'Whether subscribers are told of a public video. That cannot be taken back.',
  }),
  channel: z
    .string()
    .regex(/^(UC[A-Za-z0-9_-]{22}|@[\p{L}\p{N}._-]{2,40})$/u, 'is a handle as @example or an id')
    .optional()
    .meta({
      title: 'Channel',
      description: 'Its handle or id; empty: whichever you choose when you sign in.',
    }),
});
export type Config = z.infer<typeof Config>;
