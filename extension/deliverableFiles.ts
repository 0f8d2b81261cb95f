import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  workspace,
} from 'vscode';
import {
  type Deliverable,
  type DeliverableFile,
  longestPiece,
  readDeliverable,
  readDeliverableFile,
} from '../server/protocol/deliverable.ts';
import type { Worker } from './worker.ts';

const scheme = 'butler-deliverable';
/** Bytes of a file that an editor takes at once; a larger one is saved instead. */
const mostBytes = 256 * 1024 * 1024;
/** Deliverables of which is kept what is known, so that each look at a file asks for nothing else. */
const mostKnown = 20;

/** The files of deliverables as documents that can be read and not written, straight from the store. */
export class DeliverableFiles implements FileSystemProvider, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<FileChangeEvent[]>();
  private readonly owned: Disposable;
  private readonly known = new Map<string, Deliverable>();

  readonly onDidChangeFile = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    const options = { isCaseSensitive: true, isReadonly: true };
    const registration = workspace.registerFileSystemProvider(scheme, this, options);
    this.owned = Disposable.from(registration, this.emitter);
  }

  /** The document of a file. */
  uriOf(deliverable: string, path: string): Uri {
    return Uri.from({ scheme, path: `/${deliverable}/${path}` });
  }

  /** What is known of a deliverable, or nothing where there is none of that id. */
  async find(id: string): Promise<Deliverable | undefined> {
    const before = this.known.get(id);
    if (before) return before;
    const read = await this.worker.send(readDeliverable, { id });
    if (!read.ok) return undefined;
    this.known.set(id, read.value);
    const [oldest] = this.known.keys();
    if (this.known.size > mostKnown && oldest !== undefined) this.known.delete(oldest);
    return read.value;
  }

  /** The bytes of a file in pieces; throws with the worker's own words. */
  async *pieces(id: string, path: string): AsyncGenerator<Uint8Array> {
    for (let from = 0; ; from += longestPiece) {
      const read = await this.worker.send(readDeliverableFile, { id, path, from });
      if (!read.ok) throw FileSystemError.Unavailable(`${read.failure.what} ${read.failure.mend}`);
      const bytes = Buffer.from(read.value.content, 'base64');
      if (bytes.length > 0) yield bytes;
      if (bytes.length < longestPiece) return;
    }
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { deliverable, file } = await this.locate(uri);
    const time = { ctime: deliverable.created, mtime: deliverable.created };
    return file
      ? { ...time, type: FileType.File, size: file.size }
      : { ...time, type: FileType.Directory, size: 0 };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { deliverable, file } = await this.locate(uri);
    if (!file) throw FileSystemError.FileIsADirectory(uri);
    if (file.size > mostBytes) throw FileSystemError.Unavailable(uri);
    const all: Uint8Array[] = [];
    for await (const piece of this.pieces(deliverable.id, file.path)) all.push(piece);
    return Buffer.concat(all);
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    const { deliverable, path } = await this.locate(uri);
    const above = path === '' ? '' : `${path}/`;
    const below = deliverable.files.flatMap(({ path: file }) =>
      file.startsWith(above) ? [file.slice(above.length)] : [],
    );
    const rows = below.map((rest): [string, FileType] => {
      const [name = '', ...deeper] = rest.split('/');
      return [name, deeper.length > 0 ? FileType.Directory : FileType.File];
    });
    return [...new Map(rows)];
  }

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  writeFile(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  createDirectory(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): void {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async locate(uri: Uri): Promise<Located> {
    const [, id = '', ...names] = uri.path.split('/');
    const path = names.join('/');
    const deliverable = await this.find(id);
    const file = deliverable?.files.find((one) => one.path === path);
    const folder = path === '' || deliverable?.files.some((one) => one.path.startsWith(`${path}/`));
    if (!deliverable || !(file || folder)) throw FileSystemError.FileNotFound(uri);
    return { deliverable, path, file };
  }
}

interface Located {
  readonly deliverable: Deliverable;
  readonly path: string;
  /** Absent where the path is a folder. */
  readonly file: DeliverableFile | undefined;
}
