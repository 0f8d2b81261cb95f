import type { Editor } from './editor.ts';
import { until } from './processes.ts';

/** Waits until the browser's VS Code, which writes every five seconds, has written what the page keeps. */
export function kept({ page }: Editor, text: string): Promise<void> {
  return until(() => page.evaluate(isKept, text));
}

async function isKept(text: string): Promise<boolean> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const base = await done(indexedDB.open(name ?? ''));
    const values = base.objectStoreNames.contains('ItemTable')
      ? await done(base.transaction('ItemTable').objectStore('ItemTable').getAll())
      : [];
    base.close();
    if (values.some((value) => String(value).includes('webviewState') && String(value).includes(text)))
      return true;
  }
  return false;
}
