import { type Disposable, type Event, extensions, workspace } from 'vscode';
import type { Parts } from '../../extension/parts.ts';
import type { Outcome } from '../../server/protocol/failure.ts';

/** The extension's id. */
export const extensionId = 'virtual-butler.virtual-butler';

/** The parts of the activated extension, which it hands out under test. */
export async function activeParts(): Promise<Parts> {
  const extension = extensions.getExtension<Parts | undefined>(extensionId);
  const parts = await extension?.activate();
  if (!parts) throw new Error('The extension did not hand out its parts.');
  return parts;
}

/** The value of an outcome that must be good. */
export function valueIn<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.what} ${outcome.failure.mend}`);
  return outcome.value;
}

/** Waits until an event has made something true. */
export function until<T>(event: Event<T>, holds: () => boolean): Promise<void> {
  return new Promise((done) => {
    const owned: Disposable[] = [];
    const look = () => {
      if (!holds()) return;
      for (const one of owned) one.dispose();
      done();
    };
    owned.push(event(look));
    look();
  });
}

/** The sample workspace's folder. */
export function folder(): string {
  const [first] = workspace.workspaceFolders ?? [];
  if (!first) throw new Error('No folder is open.');
  return first.uri.fsPath;
}
