/** What taking a publication back would do, as one sentence. */
export function undoesOf(created: number, kept: number): string {
  const [gone, back] = [filesOf(created), filesOf(kept)];
  const were = kept === 1 ? 'it was' : 'they were';
  if (created > 0 && kept > 0)
    return `Taking it back deletes ${gone} there and puts ${back} back as ${were}.`;
  if (created > 0) return `Taking it back deletes ${gone} there.`;
  if (kept > 0) return `Taking it back puts ${back} back as ${were}.`;
  return 'Taking it back changes no file, but takes the mark of this publication away.';
}

/** How many files, in words. */
export function filesOf(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
