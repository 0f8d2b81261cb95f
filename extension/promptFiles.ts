import {
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type Ability, readAbility, updateAbility } from '../server/protocol/ability.ts';
import type { Worker } from './worker.ts';

const scheme = 'butler-prompt';

/** The system prompt of an Ability as a document that is saved back into the Ability. */
export class PromptFiles implements FileSystemProvider, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<FileChangeEvent[]>();
  private readonly registration: Disposable;

  readonly onDidChangeFile = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.registration = workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true });
  }

  async open(ability: Ability): Promise<void> {
    const name = ability.name.replace(/[/\\]/g, '-');
    const uri = Uri.from({ scheme, path: `/${ability.id}/${name}.md` });
    await window.showTextDocument(await workspace.openTextDocument(uri));
  }

  async stat(uri: Uri): Promise<FileStat> {
    const { prompt, created, updated } = await this.read(uri);
    return { type: FileType.File, ctime: created, mtime: updated, size: Buffer.byteLength(prompt) };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const { prompt } = await this.read(uri);
    return new TextEncoder().encode(prompt);
  }

  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    const prompt = new TextDecoder().decode(content);
    const saved = await this.worker.send(updateAbility, { id: idOf(uri), change: { prompt } });
    if (!saved.ok) throw FileSystemError.NoPermissions(`${saved.failure.what} ${saved.failure.mend}`);
    this.emitter.fire([{ type: FileChangeType.Changed, uri }]);
  }

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  readDirectory(): [string, FileType][] {
    return [];
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
    this.registration.dispose();
    this.emitter.dispose();
  }

  private async read(uri: Uri): Promise<Ability> {
    const ability = await this.worker.send(readAbility, { id: idOf(uri) });
    if (!ability.ok) throw FileSystemError.FileNotFound(uri);
    return ability.value;
  }
}

function idOf(uri: Uri): string {
  return uri.path.split('/')[1] ?? '';
}
