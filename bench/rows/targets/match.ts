import type { Row } from '../../row.ts';
import type { Site } from './site.ts';

/** A publication by us, beside the same by the tool that a person would use without us. */
export interface Match {
  /** How it is published, as 'by SFTP'. */
  readonly how: string;
  /** Files without which it cannot be measured, each with the package of Debian that brings it. */
  readonly needs: Readonly<Record<string, string>>;
  measure(site: Site): Promise<Row>;
}
