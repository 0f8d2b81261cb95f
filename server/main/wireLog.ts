import type { Features, RemoteConsole } from 'vscode-languageserver/node';

/**
 * The log that the wire itself writes to. Of a message that it cannot read it would tell the whole text, which may be
 * a key that a client wanted to be kept (SECURITY S13); so every line is told, but no message.
 */
export const wireLog: Features = {
  __brand: 'features',
  console: (Base) =>
    class extends (Base as new () => RemoteConsole) {
      override error(line: string): void {
        super.error(withoutMessage(line));
      }
      override warn(line: string): void {
        super.warn(withoutMessage(line));
      }
    } as ReturnType<NonNullable<Features['console']>>,
};

/** A line of a log, cut where a message in JSON begins. */
export function withoutMessage(line: string): string {
  const at = line.search(/\n\s*[{["]/);
  return at < 0 ? line : `${line.slice(0, at)} (what it held is not told)`;
}
