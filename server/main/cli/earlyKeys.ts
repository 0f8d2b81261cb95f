import { setTimeout as pause } from 'node:timers/promises';

/** The keys of a terminal, and what Ctrl+C among them does. */
export interface Keys {
  readonly keys: NodeJS.ReadableStream & { readonly isRaw: boolean; setRawMode(isRaw: boolean): unknown };
  interrupt(): void;
}

/** How long a question stands before a key counts, in ms: what comes sooner was meant for something else. */
const sightTime = 500;
const ctrlC = 3;

/**
 * Passes over every key that was pressed before a question could be read (SECURITY S6); to be called when it stands
 * on the screen, before its answer is asked for. Ctrl+C interrupts as ever.
 */
export async function passOverEarlyKeys(
  signal?: AbortSignal,
  { keys, interrupt }: Keys = own,
): Promise<void> {
  const { isRaw } = keys;
  const hear = (pressed: Buffer | string) => {
    if (Buffer.from(pressed).includes(ctrlC)) interrupt();
  };
  keys.setRawMode(true);
  keys.on('data', hear);
  await pause(sightTime, undefined, signal ? { signal } : {}).catch(() => undefined);
  keys.pause();
  keys.off('data', hear);
  keys.setRawMode(isRaw);
}

const own: Keys = { keys: process.stdin, interrupt: () => process.emit('SIGINT', 'SIGINT') };
