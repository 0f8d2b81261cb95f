/** Where a secret lies, said plainly to the person. */
export interface SecretPlace {
  readonly name: 'keychain' | 'editor' | 'file';
  /** One sentence: how safe it is there. */
  readonly about: string;
}

/** Keeps keys out of prompts, logs, settings and the journal (SPEC C11). */
export interface Secrets {
  /** The value, or `null`. */
  get(name: string): Promise<string | null>;
  /** Keeps it in the safest place that works, and says where. */
  set(name: string, value: string): Promise<SecretPlace>;
  /** Takes it out of every place. */
  remove(name: string): Promise<void>;
  /** Where values go at present. */
  place(): Promise<SecretPlace>;
}
