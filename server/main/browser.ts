import { spawn } from 'node:child_process';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';

/** Shows an address in the person's browser; rejects where it was not shown. */
export type OpenInBrowser = (url: string) => Promise<void>;

/** The browser of a client that can show documents outside of itself; nothing where it cannot. */
export function browserOf(
  connection: Connection,
  { capabilities }: InitializeParams,
): { openInBrowser: OpenInBrowser } | Record<string, never> {
  if (capabilities.window?.showDocument?.support !== true) return {};
  const openInBrowser = async (url: string) => {
    const { success } = await connection.window.showDocument({ uri: url, external: true });
    if (!success) throw new Error('The editor did not show the address.');
  };
  return { openInBrowser };
}

/** The browser of a terminal: the address is printed, and shown too where a person sits there. */
export function terminalBrowser(print: (line: string) => void, isTerminal: boolean): OpenInBrowser {
  return async (url) => {
    print(`Open this address to sign in:\n${url}`);
    if (isTerminal) await start(url);
  };
}

/** Asks the system to show an address; where it has no way to, the printed one is there. */
function start(url: string): Promise<void> {
  const [program, args] = {
    darwin: ['/usr/bin/open', [url]] as const,
    win32: [
      `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\rundll32.exe`,
      ['url.dll,FileProtocolHandler', url],
    ] as const,
  }[process.platform as 'darwin' | 'win32'] ?? ['/usr/bin/xdg-open', [url]];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve());
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
