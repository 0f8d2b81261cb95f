import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import envPaths from 'env-paths';

/** Where the product keeps what is its own, and where its native parts lie. */
export interface Config {
  /** Folder of the store, the key file and the secrets file; absolute. */
  readonly home: string;
  readonly storeFile: string;
  readonly headFile: string;
  readonly secretsFile: string;
  readonly native: { readonly sqlite?: string; readonly rg: string; readonly keyring?: string };
  readonly anthropicBaseUrl?: string;
  /** Whether the operating system's keychain is used; off where tests and containers have none to lend. */
  readonly keychain: boolean;
}

/** What the environment and the client may say; a workspace may say none of it (SECURITY S4). */
export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly storeFolder?: string | undefined;
  readonly anthropicBaseUrl?: string | undefined;
}

/** Settles the configuration: what the client says, then the environment, then the platform's own places. */
export function readConfig({ environment, storeFolder, anthropicBaseUrl }: ConfigSources): Config {
  const home = path.resolve(
    storeFolder || environment.BUTLER_HOME || envPaths('virtual-butler', { suffix: '' }).data,
  );
  const baseUrl = anthropicBaseUrl ?? environment.BUTLER_ANTHROPIC_BASE_URL;
  return {
    home,
    storeFile: path.join(home, 'butler.db'),
    headFile: path.join(home, 'journal.head'),
    secretsFile: path.join(home, 'secrets.json'),
    native: nativeParts(),
    keychain: environment.BUTLER_KEYCHAIN !== 'off',
    ...(baseUrl ? { anthropicBaseUrl: baseUrl } : {}),
  };
}

/** In the product they lie beside the bundle; in the source tree the packages' own copies serve. */
function nativeParts(): Config['native'] {
  const exe = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const beside = [path.join(import.meta.dirname, 'native'), path.join(import.meta.dirname, '..', 'native')];
  const folder = beside.find((one) => existsSync(path.join(one, 'sqlite.node')));
  if (folder) {
    return {
      sqlite: path.join(folder, 'sqlite.node'),
      rg: path.join(folder, exe),
      keyring: path.join(folder, 'keyring.node'),
    };
  }
  const packaged = createRequire(import.meta.url).resolve('@vscode/ripgrep-universal');
  const platform = `${process.platform}-${process.arch}`;
  return { rg: path.join(path.dirname(packaged), '..', 'bin', platform, exe) };
}
