import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** Sets up the engine before anything heavy is loaded: compiled code is kept from start to start. */
export function prepareRuntime(): void {
  enableCompileCache();
}

/**
 * Lets the young generation grow no more from now on, because every round leaves a whole request behind as garbage
 * (docs/decisions/0005).
 */
export function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
