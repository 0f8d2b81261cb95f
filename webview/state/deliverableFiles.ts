import {
  type Deliverable,
  type DeliverableFile,
  longestPiece,
  readDeliverableFile,
} from '../../server/protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../../server/protocol/failure.ts';
import type { Send } from './wire.ts';

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
  readonly #loaded = new Map<string, Promise<Outcome<LoadedFile>>>();
  readonly #urls = new Map<string, string>();
  #bytes = 0;

  constructor(deliverable: Deliverable, send: Send, most: number) {
    this.deliverable = deliverable;
    this.#send = send;
    this.#most = most;
  }

  find(path: string): DeliverableFile | undefined {
    return this.deliverable.files.find((one) => one.path === path);
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
    if (!loaded.ok) return null;
    const url = this.#urls.get(path) ?? URL.createObjectURL(loaded.value.blob);
    this.#urls.set(path, url);
    return url;
  }

  /** Lets go of what was read. */
  close(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.#loaded.clear();
    this.#bytes = 0;
  }

  async #load(path: string): Promise<Outcome<LoadedFile>> {
    const file = this.find(path);
    if (!file) return bad(failures.notFound('file', path));
    this.#bytes += file.size;
    if (this.#bytes > this.#most) {
      return bad(failures.tool('It is too large to be shown here.', 'Open it in the editor, or save it.'));
    }
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; ; from += longestPiece) {
      const read = await this.#send(readDeliverableFile, { id: this.deliverable.id, path, from });
      if (!read.ok) return read;
      const piece = Uint8Array.from(atob(read.value.content), (one) => one.charCodeAt(0));
      pieces.push(piece);
      if (piece.length < longestPiece) break;
    }
    return good({ file, blob: new Blob(pieces, { type: file.mime }) });
  }
}
