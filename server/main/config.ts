import path from 'node:path';
import envPaths from 'env-paths';

/** Where the product keeps what is its own. */
export interface Config {
  /** Folder of the store, the key file and the secrets file; absolute. */
  readonly home: string;
  readonly storeFile: string;
  readonly headFile: string;
  readonly secretsFile: string;
  /** The person's policy. */
  readonly policyFile: string;
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
    policyFile: path.join(home, 'policy.json'),
    keychain: environment.BUTLER_KEYCHAIN !== 'off',
    ...(baseUrl ? { anthropicBaseUrl: baseUrl } : {}),
  };
}
