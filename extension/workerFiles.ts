import {
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  type FileType,
  type Uri,
  workspace,
} from 'vscode';
import type { Outcome } from '../server/protocol/failure.ts';
import { plainText } from './plainText.ts';

/** What the worker keeps, as documents of the editor; what a kind of them does not do itself is refused. */
export abstract class WorkerFiles implements FileSystemProvider, Disposable {
  protected readonly changed = new EventEmitter<FileChangeEvent[]>();
  private readonly registration: Disposable;

  readonly onDidChangeFile = this.changed.event;

  constructor(scheme: string, options: { readonly isReadonly: boolean }) {
    this.registration = workspace.registerFileSystemProvider(scheme, this, {
      isCaseSensitive: true,
      ...options,
    });
  }

  abstract stat(uri: Uri): Promise<FileStat>;
  abstract readFile(uri: Uri): Promise<Uint8Array>;

  async readDirectory(_uri: Uri): Promise<[string, FileType][]> {
    return [];
  }

  async writeFile(uri: Uri, _content: Uint8Array): Promise<void> {
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

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The value, or an error as editors know them: "not found" only where that is so, else the worker's own words. */
export function fileValue<T>(outcome: Outcome<T>, uri: Uri): T {
  if (outcome.ok) return outcome.value;
  const { kind, what, mend } = outcome.failure;
  throw kind === 'notFound'
    ? FileSystemError.FileNotFound(uri)
    : FileSystemError.Unavailable(plainText(`${what} ${mend}`));
}
