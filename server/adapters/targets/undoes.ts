/** What taking a publication back would do, as one sentence. */
export function undoesOf(created: number, kept: number): string {
  const parts = [
    created > 0 ? `deletes ${filesOf(created)} there` : '',
    kept > 0 ? `puts ${filesOf(kept)} back as ${kept === 1 ? 'it was' : 'they were'}` : '',
  ].filter(Boolean);
  const text = parts.join(' and ') || 'changes no file, but takes the mark of this publication away';
  return `Taking it back ${text}.`;
}

/** How many files, in words. */
export function filesOf(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
