import path from 'node:path';
import { startS3Remote } from '../../servers/s3Remote.ts';
import { startSshd } from '../../servers/sshd.ts';
import { diskOf } from '../targets/disk.ts';
import { startGithub, tokens } from '../targets/githubServer.ts';

/** Where a job publishes to, with the account that a person connected, and what a stranger sees there. */
export interface Place {
  readonly target: { readonly type: string; readonly config: Record<string, string | number> };
  readonly values: Readonly<Record<string, string>>;
  /** Everything that stands there: the digest or text of each file, and for a service what it counts. */
  stands(): Promise<unknown>;
  close(): Promise<void>;
}

/** Each place, and how it is opened for a test. */
export const places = { s3: onS3, sftp: onSftp, github: onGithub } as const;

/** A bucket where a file of a person lies beside. */
async function onS3(): Promise<Place> {
  const server = await startS3Remote();
  await server.put('docs', 'CNAME', 'mine');
  return {
    target: { type: 's3', config: server.config('docs') as Record<string, string> },
    values: {
      accessKeyId: server.credential.accessKeyId ?? '',
      secretAccessKey: server.credential.secretAccessKey ?? '',
    },
    stands: async () => withoutMarker(await server.snapshot('docs')),
    close: () => server.close(),
  };
}

/** A folder of an SSH server where a file of a person lies beside. */
async function onSftp(): Promise<Place> {
  const { port, user, home, keys, fingerprint, ...server } = await startSshd();
  const { put, snapshot } = diskOf(home);
  await put('docs', 'CNAME', 'mine');
  const at = { host: '127.0.0.1', port, user, folder: path.join(home, 'docs') };
  return {
    target: { type: 'ftp', config: { protocol: 'sftp', ...at } },
    values: { privateKey: keys.ed25519, fingerprint },
    stands: async () => withoutMarker(await snapshot('docs')),
    close: async () => server[Symbol.asyncDispose](),
  };
}

/** A repository that takes pull requests. */
async function onGithub(): Promise<Place> {
  const server = await startGithub();
  return {
    target: { type: 'github', config: { repository: 'octo/site', api: server.url } },
    values: { token: tokens.owner },
    stands: async () => {
      await server.gate.idle();
      const { branches = {}, pulls } = (await server.look()) as { branches?: object; pulls: unknown[] };
      return { branches: Object.values(branches).map(withoutMarker), pulls: pulls.length };
    },
    close: async () => server[Symbol.asyncDispose](),
  };
}

/** The marker bears the execution and the time. */
function withoutMarker(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== '.butler-publish.json'));
}
