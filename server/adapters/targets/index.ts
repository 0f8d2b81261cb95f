import type { Target } from '../../core/ports/target.ts';
import { local } from './local.ts';

/** Every target that there is: a new one is one file and one word here. */
export const targets: readonly Target[] = [local];
