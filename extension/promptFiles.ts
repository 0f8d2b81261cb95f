import { FileChangeType, type FileStat, FileType, Uri, window, workspace } from 'vscode';
import { type Ability, readAbility, updateAbility } from '../server/protocol/ability.ts';
import type { Worker } from './worker.ts';
import { fileValue, WorkerFiles } from './workerFiles.ts';

const scheme = 'butler-prompt';

/** The system prompt of an Ability as a document that is saved back into the Ability. */
export class PromptFiles extends WorkerFiles {
  private readonly worker: Worker;

  constructor(worker: Worker) {
    super(scheme, { isReadonly: false });
    this.worker = worker;
  }

  async open(ability: Ability): Promise<void> {
    const name = ability.name.replace(/[/\\]/g, '-');
    const uri = Uri.from({ scheme, path: `/${ability.id}/${name}.md` });
    await window.showTextDocument(await workspace.openTextDocument(uri));
  }

  override async stat(uri: Uri): Promise<FileStat> {
    const { prompt, created, updated } = await this.read(uri);
    return { type: FileType.File, ctime: created, mtime: updated, size: Buffer.byteLength(prompt) };
  }

  override async readFile(uri: Uri): Promise<Uint8Array> {
    const { prompt } = await this.read(uri);
    return new TextEncoder().encode(prompt);
  }

  override async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    const prompt = new TextDecoder().decode(content);
    fileValue(await this.worker.send(updateAbility, { id: idOf(uri), change: { prompt } }), uri);
    this.changed.fire([{ type: FileChangeType.Changed, uri }]);
  }

  private async read(uri: Uri): Promise<Ability> {
    return fileValue(await this.worker.send(readAbility, { id: idOf(uri) }), uri);
  }
}

function idOf(uri: Uri): string {
  return uri.path.split('/')[1] ?? '';
}
