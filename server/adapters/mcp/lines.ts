/** The longest message that is read, in characters. */
export const longestMessage = 8 * 1024 * 1024;

/** Cuts what comes in pieces into lines; answers `false` where one has no end in sight. */
export function lineCutter(
  take: (line: string) => void,
  longest = longestMessage,
): (text: string) => boolean {
  let pieces: string[] = [];
  let length = 0;
  return (text) => {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      pieces.push(part);
      length += part.length;
      if (length > longest) return false;
      if (index === parts.length - 1) break;
      const line = pieces.join('');
      pieces = [];
      length = 0;
      if (line.trim() !== '') take(line);
    }
    return true;
  };
}
