import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long nothing may run before memory is given back, in ms. */
const rest = 500;

/**
 * Gives memory back once the work is done: a worker that waits for its person would otherwise keep for good what
 * its last job needed, because the engine collects only while it allocates (docs/decisions/0005).
 */
export function idleMemory(busy: () => boolean): { worked(): void; stop(): void } {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let timer: NodeJS.Timeout | undefined;
  const worked = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (busy() ? worked() : collect()), rest).unref();
  };
  return { worked, stop: () => clearTimeout(timer) };
}
