import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** The newest entry as it is known outside the database. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** What the file says: a head, or why it says none. */
export type HeadReading = Head | 'missing' | 'altered';

/** A small file beside the database, so that a journal that was cut off shows. */
export interface HeadFile {
  read(): HeadReading;
  /**
   * Moves the head on after a commit from `first` to `last`. It never goes backwards, and it stands still where
   * it does not fit the journal any more, so that a cut cannot be covered by appending.
   */
  move(first: { seq: number; prev: string }, last: Head, hashAt: (seq: number) => string | null): void;
  close(): void;
}

/** Opens the head file; with `empty` (the journal has no entry yet) it is created when it is not there. */
export function openHeadFile(file: string, key: Uint8Array, empty: boolean): HeadFile {
  const secret = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', 'butler journal head', 32)));
  if (empty) createFirst(file, secret);
  let handle = existsSync(file) ? openSync(file, 'r+') : null;
  let mine: Buffer = Buffer.alloc(0);
  const standing = (): HeadReading => {
    if (handle === null) return 'missing';
    const bytes = Buffer.alloc(recordLength);
    const length = readSync(handle, bytes, 0, recordLength, 0);
    if (bytes.equals(mine)) return headIn(bytes);
    return length === recordLength ? parse(bytes, secret) : 'altered';
  };
  return {
    read: () => (existsSync(file) ? parse(readFileSync(file), secret) : 'missing'),
    move(first, last, hashAt) {
      const now = standing();
      if (handle === null || typeof now === 'string' || now.seq >= first.seq) return;
      const fits = now.seq === first.seq - 1 ? now.hash === first.prev : now.hash === hashAt(now.seq);
      if (!fits) return;
      mine = record(last, secret);
      writeSync(handle, mine, 0, recordLength, 0);
    },
    close() {
      if (handle !== null) closeSync(handle);
      handle = null;
    },
  };
}

const seqLength = 16;
const hexLength = 64;
const recordLength = seqLength + hexLength + hexLength + 3;

function createFirst(file: string, secret: KeyObject): void {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, record({ seq: 0, hash: '0'.repeat(hexLength) }, secret));
    closeSync(handle);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function record(head: Head, secret: KeyObject): Buffer {
  const text = `${String(head.seq).padStart(seqLength, '0')} ${head.hash}`;
  return Buffer.from(`${text} ${createHmac('sha256', secret).update(text).digest('hex')}\n`, 'latin1');
}

function parse(bytes: Buffer, secret: KeyObject): HeadReading {
  if (bytes.length !== recordLength) return 'altered';
  const head = headIn(bytes);
  return timingSafeEqual(bytes, record(head, secret)) ? head : 'altered';
}

function headIn(bytes: Buffer): Head {
  const text = bytes.toString('latin1');
  return {
    seq: Number(text.slice(0, seqLength)),
    hash: text.slice(seqLength + 1, seqLength + 1 + hexLength),
  };
}
