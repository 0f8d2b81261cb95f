import type { RemoteBytes } from '../remote/remoteFolder.ts';
import type { S3Config } from './config.ts';

/** The name in an object's metadata under which its digest stands. */
export const digestHeader = 'x-amz-meta-butler-digest';

/** What of a file's bytes its headers are made of. */
export type MadeOf = Pick<RemoteBytes, 'mime' | 'digest' | 'facts'>;

/**
 * With which headers a file is made: what it is, how long it may be kept, who may read it. What was told of a file of
 * others is told again where that comes back.
 */
export function fileHeaders(
  config: S3Config,
  path: string,
  { mime, digest, facts }: MadeOf,
): Record<string, string> {
  const own = path.split('/').at(-1)?.startsWith('.butler-') ?? false;
  const acl = own && config.visibility === 'public' ? 'private' : config.visibility;
  return {
    ...(facts ?? { 'content-type': typeOf(mime), 'cache-control': own ? 'no-store' : cacheOf(config, path) }),
    ...(acl === 'bucket' ? {} : { 'x-amz-acl': acl === 'public' ? 'public-read' : 'private' }),
    [digestHeader]: digest,
  };
}

/** Whether a name has a fingerprint of its content: `app.4f3a91c2.js`, `index-BX3kq9Zt.css`. */
export function hasFingerprint(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  const part = /[.-]([\w-]{8,})\.(?:[a-z0-9]+\.)?[a-z0-9]+$/i.exec(name)?.[1] ?? '';
  const inHex = /^[0-9a-f]+$/.test(part) && /[a-f]/.test(part) && /\d/.test(part);
  const mixed = /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part);
  return inHex || mixed;
}

function cacheOf({ pageSeconds, assetSeconds }: S3Config, path: string): string {
  if (!hasFingerprint(path)) return `public, max-age=${pageSeconds}`;
  return `public, max-age=${assetSeconds}, immutable`;
}

function typeOf(mime: string): string {
  if (!/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(mime)) return 'application/octet-stream';
  return mime.startsWith('text/') && !mime.includes(';') ? `${mime}; charset=utf-8` : mime;
}
