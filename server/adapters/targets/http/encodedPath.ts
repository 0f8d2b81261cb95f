/** A path with all encoded that RFC 3986 reserves; `/` stays. */
export function encodedPath(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/** One name or value of a URL with all encoded that RFC 3986 reserves. */
export function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
