import { execFile } from 'node:child_process';
import path from 'node:path';

const bundle = path.join(import.meta.dirname, '../../../dist/butler.mjs');

/** Runs `butler --json` on a store in a process of its own; answers all that it printed. */
export function butlerCommand(
  { home, workspace }: { readonly home: string; readonly workspace: string },
  words: readonly string[],
): Promise<string> {
  const env = { ...process.env, BUTLER_HOME: home, BUTLER_KEYCHAIN: 'off' };
  const args = [bundle, '--json', '--workspace', workspace, ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, cwd: workspace, maxBuffer: 1e8 }, (_error, out, err) =>
      resolve(out + err),
    );
  });
}
