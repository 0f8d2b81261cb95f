/** The anchor of a heading as GitHub makes it: lower case, punctuation gone, spaces to hyphens. */
export function slugOf(heading: string): string {
  const slug = heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
  return slug || 'section';
}

/** The slug with a number where it is taken already; takes it. */
export function takeSlug(heading: string, taken: Set<string>): string {
  const slug = slugOf(heading);
  let free = slug;
  for (let number = 1; taken.has(free); number++) free = `${slug}-${number}`;
  taken.add(free);
  return free;
}
