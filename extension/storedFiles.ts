import { type FileStat, FileSystemError, FileType, l10n, Uri } from 'vscode';
import { longestPiece } from '../server/protocol/deliverable.ts';
import type { Outcome } from '../server/protocol/failure.ts';
import { fileValue, WorkerFiles } from './workerFiles.ts';

/** Where files come from that the store keeps for something: a deliverable, a job. */
export interface FileSource {
  readonly scheme: string;
  /** What is kept for it, and since when. */
  list(id: string): Promise<Outcome<{ readonly created: number; readonly files: readonly StoredFile[] }>>;
  /** A piece of a file from a byte on, in base64; one shorter than `longestPiece` is the last. */
  piece(id: string, path: string, from: number): Promise<Outcome<{ readonly content: string }>>;
}

/** A file that the store keeps. */
export interface StoredFile {
  /** `/` between names. */
  readonly path: string;
  readonly size: number;
}

/** Bytes of a file that an editor takes at once; a larger one is saved instead. */
const mostBytes = 256 * 1024 * 1024;
/** Things of which is kept what files they have, so that each look at one asks for nothing else. */
const mostKnown = 20;

/** Files of the store as documents that can be read and not written: `scheme:/id/path`. */
export class StoredFiles extends WorkerFiles {
  private readonly source: FileSource;
  private readonly known = new Map<string, Listed>();

  constructor(source: FileSource) {
    super(source.scheme, { isReadonly: true });
    this.source = source;
  }

  /** The document of a file. */
  uriOf(id: string, path: string): Uri {
    return Uri.from({ scheme: this.source.scheme, path: `/${id}/${path}` });
  }

  override async stat(uri: Uri): Promise<FileStat> {
    const { created, file } = await this.locate(uri);
    const time = { ctime: created, mtime: created };
    return file
      ? { ...time, type: FileType.File, size: file.size }
      : { ...time, type: FileType.Directory, size: 0 };
  }

  override async readFile(uri: Uri): Promise<Uint8Array> {
    const { id, file } = await this.locate(uri);
    if (!file) throw FileSystemError.FileIsADirectory(uri);
    if (file.size > mostBytes)
      throw FileSystemError.Unavailable(l10n.t('The file is too large to be opened.'));
    const all: Uint8Array[] = [];
    for (let from = 0; ; from += longestPiece) {
      const { content } = fileValue(await this.source.piece(id, file.path, from), uri);
      const bytes = Buffer.from(content, 'base64');
      all.push(bytes);
      if (bytes.length < longestPiece) return Buffer.concat(all);
    }
  }

  override async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    const { files, path } = await this.locate(uri);
    const above = path === '' ? '' : `${path}/`;
    const below = files.flatMap(({ path: file }) =>
      file.startsWith(above) ? [file.slice(above.length)] : [],
    );
    const rows = below.map((rest): [string, FileType] => {
      const [name = '', ...deeper] = rest.split('/');
      return [name, deeper.length > 0 ? FileType.Directory : FileType.File];
    });
    return [...new Map(rows)];
  }

  private async locate(uri: Uri): Promise<Located> {
    const [, id = '', ...names] = uri.path.split('/');
    const path = names.join('/');
    const { created, files } = this.known.get(id) ?? (await this.learn(id, uri));
    const file = files.find((one) => one.path === path);
    const isFolder = path === '' || files.some((one) => one.path.startsWith(`${path}/`));
    if (!file && !isFolder) throw FileSystemError.FileNotFound(uri);
    return { id, path, created, files, file };
  }

  private async learn(id: string, uri: Uri): Promise<Listed> {
    const { created, files } = fileValue(await this.source.list(id), uri);
    this.known.set(id, { created, files });
    const [oldest] = this.known.keys();
    if (this.known.size > mostKnown && oldest !== undefined) this.known.delete(oldest);
    return { created, files };
  }
}

interface Listed {
  readonly created: number;
  readonly files: readonly StoredFile[];
}

interface Located extends Listed {
  readonly id: string;
  readonly path: string;
  /** Absent where the path is a folder. */
  readonly file: StoredFile | undefined;
}
