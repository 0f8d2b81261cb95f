import { setTimeout as pause } from 'node:timers/promises';
import { commands } from 'vscode';

/** Accepts whatever question shows, again and again, until what asks it ends. */
export function accepted<T>(running: Thenable<T>): Promise<T> {
  return pressed('workbench.action.acceptSelectedQuickOpenItem', running);
}

/** Leaves whatever question shows, until what asks it ends. */
export function left<T>(running: Thenable<T>): Promise<T> {
  return pressed('workbench.action.closeQuickOpen', running);
}

async function pressed<T>(command: string, running: Thenable<T>): Promise<T> {
  const state = { ended: false };
  const ending = Promise.resolve(running).finally(() => {
    state.ended = true;
  });
  while (!state.ended) {
    await commands.executeCommand(command);
    await Promise.race([ending.catch(() => undefined), pause(100)]);
  }
  return ending;
}
