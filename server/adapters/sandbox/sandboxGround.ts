/** What the sandbox is told of this machine. */
export interface SandboxGround {
  /** Folder of our own; absolute. */
  readonly home: string;
  /** Real paths of our own folders, which no command sees. */
  readonly ownFolders: readonly string[];
  /** The environment of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The ripgrep binary. */
  readonly rg: string;
  /** Begins to note guarded paths that other calls were allowed to change; answers those of the time since. */
  allowedMeanwhile?(): Promise<() => Promise<readonly string[]>>;
  /** Folders in which the sandbox's own programs are looked up, other than the usual ones; for tests. */
  readonly programs?: readonly string[];
}
