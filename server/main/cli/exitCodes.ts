/** What the exit status of `butler` means. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** Something waits for a person, or was denied. */
  denied: 3,
  /** The job was aborted. */
  aborted: 130,
} as const;
