import type S3rver from '@20minutes/s3rver';
import type { S3Context } from '@20minutes/s3rver';
import S3Error from '@20minutes/s3rver/lib/models/error.js';

/** Makes buckets of some names refuse as a real service does: `locked`, `sticky`, `hidden`, `far` and `full`. */
export function withLaws(server: S3rver): void {
  const room: Room = new Map();
  server.middleware.splice(-1, 0, async (context, next) => {
    const bucket = context.path.split('/')[1] ?? '';
    const law = Object.hasOwn(laws, bucket) ? laws[bucket] : undefined;
    law?.(context);
    if (context.method === 'DELETE') room.delete(context.path);
    if (context.method === 'PUT' && isNarrow(context) && !findsRoom(room, context)) {
      refuse('QuotaExceeded', 403);
    }
    await next();
  });
}

/** The key whose owner has room for so many bytes in a folder only. */
const narrow = 20_000;
export const narrowKey = 'NARROW';

function isNarrow({ req }: S3Context): boolean {
  return req.headers.authorization?.includes(`Credential=${narrowKey}/`) ?? false;
}

/** What was let in with that key, also while it is still on its way: bytes by path. */
type Room = Map<string, number>;

/** Whether a file finds room in its folder; one that does is counted. */
function findsRoom(room: Room, { path, req }: S3Context): boolean {
  const [folder] = path.split('/').slice(2);
  const others = [...room].filter(([one]) => one !== path && one.split('/')[2] === folder);
  const size = Number(req.headers['content-length'] ?? 0);
  if (others.reduce((sum, [, each]) => sum + each, size) > narrow) return false;
  room.set(path, size);
  return true;
}

const laws: Readonly<Record<string, (context: S3Context) => void>> = {
  locked: ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') refuse('AccessDenied', 403);
  },
  /** Of keys that may upload only. */
  sticky: ({ method }) => {
    if (method === 'DELETE') refuse('AccessDenied', 403);
  },
  hidden: () => refuse('AccessDenied', 403),
  far: (context) => {
    context.set('x-amz-bucket-region', 'eu-central-1');
    refuse('PermanentRedirect', 301, { 'x-amz-bucket-region': 'eu-central-1' });
  },
  full: ({ method, path: at }) => {
    if (method === 'PUT' && !at.includes('/.butler-')) refuse('QuotaExceeded', 403);
  },
};

function refuse(code: string, status: number, headers: Record<string, string> = {}): never {
  throw Object.assign(new S3Error(code, 'Refused by the law of this bucket.'), {
    status,
    headers: { ...headers, 'x-amz-error-code': code },
  });
}
