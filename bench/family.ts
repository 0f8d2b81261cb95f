import type { Row } from './row.ts';
import type { Stage } from './stage.ts';

/** Rows that are measured together. */
export interface Family {
  readonly name: string;
  /** Measures; says by `note` what could not be measured here and why. */
  measure(stage: Stage, note: (text: string) => void): Promise<Row[]>;
}
