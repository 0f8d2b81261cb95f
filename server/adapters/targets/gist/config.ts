import * as z from 'zod';
import { ApiUrl, User } from '../github/config.ts';

/** What a person says of a gist to publish to. */
export const Config = z.strictObject({
  gist: z
    .string()
    .regex(/^[0-9a-f]{20,64}$/, 'must be the id at the end of its address')
    .optional()
    .meta({
      title: 'Gist',
      description: 'The id of one of your gists; left out, each publication is a new one.',
    }),
  visibility: z.enum(['secret', 'public']).default('secret').meta({
    title: 'Visibility',
    description: 'Of a new gist; a secret one can be read by everybody who knows its address.',
  }),
  user: User,
  api: ApiUrl,
});
export type Config = z.infer<typeof Config>;
