/** Time, identity and randomness for core, which has no clock of its own. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** When this machine's day began, in the same ms. */
  midnight(): number;
  /** A fresh identifier that fits `Id` of the contract and sorts by time of birth. */
  id(): string;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1, never 1 itself, by chance. */
  random(): number;
  /** SHA-256 in lower-case hex of UTF-8 text or bytes. */
  digest(data: string | Uint8Array): string;
}
