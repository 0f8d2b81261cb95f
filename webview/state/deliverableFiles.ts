import {
  type Deliverable,
  type DeliverableFile,
  longestPiece,
  readDeliverableFile,
} from '../../server/protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../../server/protocol/failure.ts';
import type { Send } from './wire.ts';

/** The field of the failure where a file would make it more than is read. */
export const tooMuch = 'size';

/** A file of a deliverable that this page read. */
export interface LoadedFile {
  readonly file: DeliverableFile;
  readonly blob: Blob;
}

/** Reads the files of one deliverable, each once; `most` bytes of all of them together. */
export class DeliverableReader {
  readonly deliverable: Deliverable;
  readonly #send: Send;
  readonly #most: number;
  readonly #files: ReadonlyMap<string, DeliverableFile>;
  readonly #loaded = new Map<string, Promise<Outcome<LoadedFile>>>();
  readonly #urls = new Map<string, string>();
  #bytes = 0;
  #open = true;

  constructor(deliverable: Deliverable, send: Send, most: number) {
    this.deliverable = deliverable;
    this.#send = send;
    this.#most = most;
    this.#files = new Map(deliverable.files.map((file) => [file.path, file]));
  }

  find(path: string): DeliverableFile | undefined {
    return this.#files.get(path);
  }

  /** The bytes of a file. */
  load(path: string): Promise<Outcome<LoadedFile>> {
    const before = this.#loaded.get(path);
    if (before) return before;
    const loading = this.#load(path);
    this.#loaded.set(path, loading);
    return loading;
  }

  async text(path: string): Promise<Outcome<string>> {
    const loaded = await this.load(path);
    return loaded.ok ? good(await loaded.value.blob.text()) : loaded;
  }

  /** An address under which this page alone finds a file; it holds until `close`. */
  async url(path: string): Promise<string | null> {
    const loaded = await this.load(path);
    if (!loaded.ok || !this.#open) return null;
    const url = this.#urls.get(path) ?? URL.createObjectURL(loaded.value.blob);
    this.#urls.set(path, url);
    return url;
  }

  /** Lets go of what was read; what is being read is not read to its end. */
  close(): void {
    this.#open = false;
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.#loaded.clear();
  }

  async #load(path: string): Promise<Outcome<LoadedFile>> {
    const file = this.find(path);
    if (!file) return bad(failures.notFound('file', path));
    if (this.#bytes + file.size > this.#most) {
      const mend = 'Open it in the editor, or save it.';
      return bad(failures.invalid(tooMuch, 'It is too large to be shown here.', mend));
    }
    this.#bytes += file.size;
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; from < file.size; from += longestPiece) {
      if (!this.#open) return bad(failures.cancelled('The preview was closed.'));
      const read = await this.#send(readDeliverableFile, { id: this.deliverable.id, path, from });
      if (!read.ok) return read;
      const piece = bytesOf(read.value.content);
      pieces.push(piece);
      if (piece.length < longestPiece) break;
    }
    return good({ file, blob: new Blob(pieces, { type: file.mime }) });
  }
}

/** The bytes that a text in base 64 stands for; a loop, for it is many times faster here than going through characters. */
function bytesOf(content: string): Uint8Array<ArrayBuffer> {
  const text = atob(content);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
