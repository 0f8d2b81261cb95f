import { createHmac, hash } from 'node:crypto';
import { encoded } from '../http/encodedPath.ts';
import type { S3Key } from './config.ts';

/** A request as it is signed. */
export interface Signable {
  readonly method: string;
  readonly host: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex. */
  readonly digest: string;
}

/** By whom, where and when a request is signed. */
export interface Signer {
  readonly key: S3Key;
  readonly region: string;
  /** ms since 1970. */
  readonly now: number;
}

/** SHA-256 of no bytes. */
export const nothing = hash('sha256', '');

/**
 * The headers of a request with its signature.
 * Follows https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html.
 */
export function signed(request: Signable, signer: Signer): Record<string, string> {
  const { key } = signer;
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    'x-amz-content-sha256': request.digest,
    'x-amz-date': stampOf(signer.now),
    ...(key.sessionToken ? { 'x-amz-security-token': key.sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const signature = signatureOf({ ...request, headers }, names, signer);
  const scope = `Credential=${key.accessKeyId}/${scopeOf(signer)}`;
  headers.authorization = `${algorithm} ${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return headers;
}

/**
 * A link that lets whoever has it read one thing for a while; it holds no secret, but it is as good as one.
 * Follows https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html.
 */
export function presigned(
  place: { readonly base: URL; readonly path: string },
  signer: Signer,
  seconds: number,
): string {
  const { key } = signer;
  const query: Record<string, string> = {
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${key.accessKeyId}/${scopeOf(signer)}`,
    'X-Amz-Date': stampOf(signer.now),
    'X-Amz-Expires': String(seconds),
    'X-Amz-SignedHeaders': 'host',
    ...(key.sessionToken ? { 'X-Amz-Security-Token': key.sessionToken } : {}),
  };
  const { host, origin } = place.base;
  const request = {
    method: 'GET',
    host,
    path: place.path,
    query,
    headers: { host },
    digest: 'UNSIGNED-PAYLOAD',
  };
  const signature = signatureOf(request, ['host'], signer);
  return `${origin}${place.path}?${queryText(query)}&X-Amz-Signature=${signature}`;
}

/** A query as it goes over the wire and is signed. */
export function queryText(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&');
}

const algorithm = 'AWS4-HMAC-SHA256';

function signatureOf(request: Signable, names: readonly string[], signer: Signer): string {
  const canonical = [
    request.method,
    request.path,
    queryText(request.query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    request.digest,
  ].join('\n');
  const text = [algorithm, stampOf(signer.now), scopeOf(signer), hash('sha256', canonical)].join('\n');
  const steps = scopeOf(signer).split('/');
  const start: string | Buffer = `AWS4${signer.key.secretAccessKey}`;
  const key = steps.reduce<string | Buffer>(
    (by, step) => createHmac('sha256', by).update(step).digest(),
    start,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

function scopeOf({ region, now }: Signer): string {
  return `${stampOf(now).slice(0, 8)}/${region}/s3/aws4_request`;
}

/** A moment as `20260131T120000Z`. */
function stampOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
