import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import type { Outcome } from '../../../protocol/failure.ts';

/** A file that stands in a remote folder. */
export interface RemoteFile {
  /** Relative to the folder, `/` between names. */
  readonly path: string;
  readonly size: number;
  /** Changes whenever the content does, as far as the server tells: an entity tag, or a time. */
  readonly stamp: string;
}

/** The bytes that a file shall have. */
export interface RemoteBytes {
  readonly size: number;
  readonly mime: DeliverableFile['mime'];
  /** SHA-256 in hex. */
  readonly digest: string;
  /** The bytes from an offset on; asked again where a transfer is taken up after a cut. */
  open(from?: number): Promise<AsyncIterable<Uint8Array>>;
}

/** How one transfer is watched. */
export interface Transfer {
  readonly signal: AbortSignal;
  /** Bytes that arrived there since it was last called. */
  moved(bytes: number): void;
}

/**
 * A folder elsewhere into which files are published: what FTP, SFTP, WebDAV and S3 have in common, as one
 * publication needs it. Every call rejects with a `RemoteFault` when the server cannot be reached or refuses.
 */
export interface RemoteFolder {
  /** As a person knows it: `sftp://anna@example.org/site`. */
  readonly address: string;
  /** How many transfers it carries at once. */
  readonly atOnce: number;
  /** Whether files can be written under other names first and renamed all at once at the end. */
  readonly stages: boolean;
  /** Everything below it; `null` where the folder is not there yet. */
  list(signal: AbortSignal): Promise<readonly RemoteFile[] | null>;
  /** The bytes of a file; `null` where there is none. */
  read(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
  /**
   * Writes a whole file, folders above it included; nobody sees half of it under its own name, and one that
   * was cut off is taken up where it stopped when that is possible. Answers its new stamp.
   */
  write(path: string, bytes: RemoteBytes, transfer: Transfer): Promise<{ readonly stamp: string }>;
  /** Gives a file another name in the folder, over the one that has it now; only where it `stages`. */
  rename(from: string, to: string): Promise<{ readonly stamp: string }>;
  /** Takes a file away; nothing when it is not there. */
  remove(path: string): Promise<void>;
  /** Takes away folders that are empty, of those that are named, the innermost first; no fault where they are not. */
  removeEmpty(folders: readonly string[]): Promise<void>;
  /** The URL at which a person can see a file, where the config says so or the server tells. */
  url(path: string): string | null;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** What a target must do to be a remote folder; everything else about publishing is shared. */
export interface RemotePlace<C> {
  /** Opens the folder of a config with its credential; the outcome tells a wrong key from an unknown host. */
  open(
    config: C,
    credential: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Outcome<RemoteFolder>>;
}
