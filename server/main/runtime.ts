import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * Sets up the engine before anything heavy is loaded: compiled code is kept from start to start, and the young
 * generation stays small, because every round leaves a whole request behind as garbage (docs/decisions/0005).
 */
export function prepareRuntime(): void {
  enableCompileCache();
  setFlagsFromString('--semi-space-growth-factor=1');
}
