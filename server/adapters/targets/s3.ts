import type { Credential, Target } from '../../core/ports/target.ts';
import { bad, failures, good } from '../../protocol/failure.ts';
import { isLoopback } from './http/loopback.ts';
import { RemoteUndo } from './remote/remoteRecord.ts';
import { remoteTarget } from './remote/remoteTarget.ts';
import { addressOf, keyOf, pathOf } from './s3/address.ts';
import { placeOf, S3Config, type S3Key, s3Account } from './s3/config.ts';

/** Publishes into a bucket of S3, or of a service that speaks the same. */
export const s3: Target<S3Config> = {
  ...remoteTarget<S3Config>({
    name: 's3',
    title: 'S3 bucket',
    about: 'Puts the files into a bucket of AWS S3 or a compatible service; a website is served from there.',
    config: S3Config,
    account: s3Account,
    place: {
      open: async (config, credential, signal) => {
        const { openFolder } = await import('./s3/folder.ts');
        const key = keyIn(credential);
        if (!key) return bad(failures.wrongAccount(placeOf(config).service));
        return good(await openFolder(config, key, signal));
      },
      address: addressOf,
      visibility: ({ url, visibility }) => (url ? 'public' : visibility === 'bucket' ? 'server' : visibility),
      notes: (config) => [
        ...(placeOf(config).base.protocol === 'http:' && !isLoopback(placeOf(config).base)
          ? [
              `The connection to ${placeOf(config).service} is not encrypted: others on the way can read and change the files.`,
            ]
          : []),
        ...(config.visibility === 'bucket' && !config.url
          ? ['Who can read the files is what the bucket says.']
          : []),
      ],
    },
    check: async (config, folder) => [
      config.url
        ? { good: true, what: `People see it at ${folder.url('') ?? config.url}.` }
        : { good: true, what: 'No public address is set; that of the bucket is told instead.' },
    ],
  }),
  link: async (undo, path, { credential, now }) => {
    const config = S3Config.parse(RemoteUndo.parse(undo).config);
    if (config.url || config.visibility === 'public') return good(null);
    const { id, title } = s3Account(config);
    const known = await credential(id);
    if (!known) return bad(failures.noAccount(title));
    const key = keyIn(known);
    if (!key) return bad(failures.wrongAccount(placeOf(config).service));
    const { presigned } = await import('./s3/signature.ts');
    const place = { base: placeOf(config).base, path: pathOf(config, keyOf(config, path)) };
    const signer = { key, region: config.region, now: now() };
    return good({ url: presigned(place, signer, linkSeconds), until: now() + linkSeconds * 1000 });
  },
};

/** How long a link to one file holds. */
const linkSeconds = 3600;

/** The key that a person entered, as it goes into headers; `null` where it can be none. */
function keyIn({ accessKeyId = '', secretAccessKey = '', sessionToken = '' }: Credential): S3Key | null {
  const key = { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() };
  const token = sessionToken.trim();
  if (![...Object.values(key), token || '-'].every((one) => /^[\x21-\x7e]+$/.test(one))) return null;
  return token ? { ...key, sessionToken: token } : key;
}
