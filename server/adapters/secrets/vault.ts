import type { SecretPlace } from '../../core/ports/secrets.ts';

/** One place that can keep secrets. */
export interface Vault {
  readonly place: SecretPlace;
  /** Whether it answers at present. */
  works(): Promise<boolean>;
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}
