import { crash } from './crash.ts';
import { faults } from './faults.ts';
import { hello } from './hello.ts';
import { rounds } from './rounds.ts';
import type { Scene } from './scene.ts';

/** Everything that is measured, in the order of the report. */
export const scenes: readonly Scene[] = [
  hello,
  rounds(20, 5, 120_000),
  rounds(500, 1, 420_000),
  ...faults,
  crash,
];
