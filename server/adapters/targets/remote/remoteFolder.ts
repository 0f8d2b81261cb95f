import type { DeliverableFile, Visibility } from '../../../protocol/deliverable.ts';
import type { Outcome } from '../../../protocol/failure.ts';

/** A file that stands in a remote folder. */
export interface RemoteFile {
  /** Relative to the folder, `/` between names. */
  readonly path: string;
  readonly size: number;
  /** Changes whenever the content does, as far as the server tells: an entity tag, or a time. */
  readonly stamp: string;
}

/** Everything that stands in a remote folder. */
export interface RemoteListing {
  readonly files: readonly RemoteFile[];
  /** The folders below it, where the place has such. */
  readonly folders: readonly string[];
  /** What is neither, as a link, or has a name that cannot be read: it is never followed and never replaced. */
  readonly others: readonly string[];
}

/** Stands in a listing for a name that is no text, or leads elsewhere: it cannot be asked for, but is there. */
export const unreadable = '\ufffd';

/** What a place tells of a file besides its bytes, in its own words. */
export type RemoteFacts = Readonly<Record<string, string>>;

/** The bytes that a file shall have. */
export interface RemoteBytes {
  readonly size: number;
  readonly mime: DeliverableFile['mime'];
  /** SHA-256 in hex. */
  readonly digest: string;
  /** What the place told of it when others had put it there, so that it comes back as it was. */
  readonly facts?: RemoteFacts;
  /** The bytes from an offset on; asked again where a transfer is taken up after a cut. */
  open(from?: number): Promise<AsyncIterable<Uint8Array>>;
}

/** How one transfer is done and watched. */
export interface Transfer {
  readonly signal: AbortSignal;
  /** Whether what lies there under this name may be the beginning of the same bytes, left by a cut. */
  readonly resumes: boolean;
  /** Bytes that arrived there since it was last called; those of a beginning that lay there already count. */
  moved(bytes: number): void;
}

/** What a place tells of a file that it took: its new stamp, or `null` where only a listing tells. */
export interface Written {
  readonly stamp: string | null;
}

/**
 * A folder elsewhere into which files are published: what FTP, SFTP, WebDAV and S3 have in common, as one
 * publication needs it. Every call rejects with a `TargetFault` when the server cannot be reached or refuses, and
 * as soon as it is called off, though the server says nothing; the next call after that connects anew.
 */
export interface RemoteFolder {
  /** As a person knows it: `sftp://anna@example.org/site`. */
  readonly address: string;
  /** How many transfers it carries at once. */
  readonly atOnce: number;
  /** Whether files can be written under other names first and renamed at the end. */
  readonly stages: boolean;
  /**
   * What is in it and below, by names that are plain relative paths; `null` where the folder is not there yet.
   * With `top` only what lies directly in it is wanted, and more may come.
   */
  list(options: { readonly signal: AbortSignal; readonly top?: boolean }): Promise<RemoteListing | null>;
  /** The bytes of a file; `null` where there is none. */
  read(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
  /** What the place tells of a file besides its bytes; absent where there is nothing that would be lost with them. */
  factsOf?(path: string, signal: AbortSignal): Promise<RemoteFacts>;
  /**
   * Writes a whole file over what has the name; the folder itself and those above the file are made. Where the
   * place does not stage, nobody sees half of it under its name.
   */
  write(path: string, bytes: RemoteBytes, transfer: Transfer): Promise<Written>;
  /** Gives a file another name in the folder, over the file that has it, never over a folder; makes folders above; only where it `stages`. */
  rename(from: string, to: string, signal: AbortSignal): Promise<Written>;
  /** Takes a file away; nothing when it is not there. */
  remove(path: string, signal: AbortSignal): Promise<void>;
  /** Takes away folders that are empty, in the order in which they are named; `''` is the folder itself; no fault where they are not. */
  removeEmpty(folders: readonly string[], signal: AbortSignal): Promise<void>;
  /** The URL at which a person can see a file, or with `''` the whole, where the config says so or the server tells. */
  url(path: string): string | null;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** What a target must do to be a remote folder; everything else about publishing is shared. */
export interface RemotePlace<C> {
  /** Opens the folder of a config with its credential; the outcome tells a wrong key from an unknown host. No program is started from the workspace. */
  open(
    config: C,
    credential: Readonly<Record<string, string>>,
    signal: AbortSignal,
    workspace: string,
  ): Promise<Outcome<RemoteFolder>>;
  /** The folder as a person knows it, without asking anybody: `sftp://anna@example.org/site`. */
  address(config: C): string;
  /** What a person should know of this config before something is published there, each as one sentence. */
  notes?(config: C): readonly string[];
  /** Who can see what lies there. */
  visibility(config: C): Visibility;
}
