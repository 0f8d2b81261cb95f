import type { Runtime } from '../../core/ports/runtime.ts';
import { createPi, type PiOptions } from './pi.ts';

/** Every external agent that can do a job's work: a new one is one file and one word here. */
export const runtimes = (options: PiOptions): readonly Runtime[] => [createPi(options)];
