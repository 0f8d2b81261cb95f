import * as z from 'zod';
import type { TargetAccount } from '../../../protocol/target.ts';

/** What publishing into a bucket wants to know. */
export const S3Config = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'small letters, digits, dots and hyphens only')
    .meta({ title: 'Bucket', description: 'The name of the bucket; it must exist.' }),
  prefix: z
    .string()
    .max(512)
    .regex(
      /^(?!\/)(?!.*\/\/)(?!(.*\/)?\.\.?(\/|$))[^\p{Cc}\\]*$/u,
      'a path without "..", "//" or a "/" in front',
    )
    .default('')
    .meta({ title: 'Folder', description: 'Where in the bucket the files go; empty: at its top.' }),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'as in "eu-central-1"')
    .default('us-east-1')
    .meta({ title: 'Region', description: 'Where the bucket lies, as "eu-central-1".' }),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .refine((url) => isPlace(url), 'only https://host or https://host:port')
    .optional()
    .meta({
      title: 'Endpoint',
      description: 'The address of a service other than AWS, as "https://s3.example.org"; empty for AWS.',
    }),
  pathStyle: z.boolean().optional().meta({
    title: 'Bucket in the path',
    description:
      'Whether the bucket is named in the path rather than in the host; by default only with an endpoint.',
  }),
  visibility: z.enum(['bucket', 'private', 'public']).default('bucket').meta({
    title: 'Who can read it',
    description: 'What the bucket says; or set at each file: private, or public for everybody.',
  }),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      title: 'Public address',
      description: 'Where people see it: the website of the bucket or a CDN.',
    }),
  pageSeconds: z.int().min(0).max(31_536_000).default(60).meta({
    title: 'Keep pages',
    description: 'For how many seconds a browser may keep a page before it asks again.',
  }),
  assetSeconds: z.int().min(0).max(31_536_000).default(31_536_000).meta({
    title: 'Keep assets',
    description: 'The same for files whose name has a fingerprint of their content.',
  }),
  account: z
    .string()
    .regex(/^[\w.@-]{1,64}$/, 'a short word')
    .default('default')
    .meta({
      title: 'Account',
      description: 'A word of your own that tells several keys of one service apart.',
    }),
});
export type S3Config = z.infer<typeof S3Config>;

/** What lets us into a bucket. */
export interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where a bucket is: its service, its own URL without a path, and what stands before each key in the path. */
export interface S3Place {
  /** The service, to which a key belongs: `amazonaws.com`, `s3.example.org:9000`. */
  readonly service: string;
  readonly base: URL;
  /** `/bucket` where the bucket is named in the path, else empty. */
  readonly root: string;
}

/** Where the bucket of a config is. */
export function placeOf({ endpoint, region, bucket, pathStyle }: S3Config): S3Place {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const service = new URL(endpoint ?? `https://s3.${region}.${domain}`);
  // The certificate of a service covers one name before its own: a bucket with dots can only stand in the path.
  const inPath = pathStyle ?? (endpoint !== undefined || bucket.includes('.'));
  const base = new URL(service);
  if (!inPath) base.hostname = `${bucket}.${service.hostname}`;
  return { service: endpoint ? service.host : domain, base, root: inPath ? `/${bucket}` : '' };
}

/** The account that a config needs; its keys go to this one service. */
export function s3Account(config: S3Config): TargetAccount {
  const { service, base } = placeOf(config);
  return {
    id: `s3 ${config.account}@${base.protocol === 'http:' ? 'http://' : ''}${service}`,
    title: `S3 at ${service}${config.account === 'default' ? '' : ` (${config.account})`}`,
    fields: [
      { ...field('accessKeyId', 'Access key ID', 'The name of the key.'), shown: true },
      field('secretAccessKey', 'Secret access key', 'What was shown once when the key was made.'),
      { ...field('sessionToken', 'Session token', 'Only with keys for a limited time.'), optional: true },
    ],
    help: 'Make an access key that may list, read, write and delete in this bucket, with your S3 service.',
    signIn: false,
  };
}

function field(name: string, title: string, description: string) {
  return { name, title, description, optional: false, lines: false };
}

function isPlace(url: string): boolean {
  const { username, password, pathname, search, hash } = new URL(url);
  return username + password + search + hash === '' && pathname === '/';
}
