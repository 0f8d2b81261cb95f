import { hash } from 'node:crypto';
import * as z from 'zod';
import type { TargetAccount } from '../../../protocol/target.ts';

/** Where files go by FTP or SFTP. */
export const ftpConfig = z.strictObject({
  protocol: z.enum(['sftp', 'ftps', 'ftps-implicit', 'ftp']).default('sftp').meta({
    title: 'Protocol',
    description:
      'SFTP (over SSH), FTPS (FTP over TLS), FTPS on its own port, or plain FTP without encryption.',
  }),
  host: z
    .string()
    .max(253)
    .regex(/^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?)$/, 'must be a host name or address')
    .meta({ title: 'Host', description: 'Name or address of the server, as sftp.example.org.' }),
  port: z.int().min(1).max(65_535).optional().meta({
    title: 'Port',
    description:
      'Only where it is not the usual one: 22 for SFTP, 21 for FTP and FTPS, 990 for FTPS on its own port.',
  }),
  user: z
    .string()
    .regex(/^(?!-)[^\p{Cc}\p{Cf}\s/@:]{1,64}(@[a-zA-Z0-9.-]{1,128})?$/u, 'must be a user name')
    .meta({ title: 'User', description: 'The name to log in with.' }),
  folder: z
    .string()
    .min(1)
    .max(512)
    .refine((folder) => isFolder(folder), 'must be a path without "..", as public_html or /srv/www')
    .meta({
      title: 'Folder',
      description:
        'The folder of the server for this publication, relative to where the login leads, or absolute.',
    }),
  url: z
    .url({ protocol: /^https?$/ })
    .max(512)
    .optional()
    .meta({ title: 'Web address', description: 'Where people see what lies in that folder, if they can.' }),
  certificate: z.string().max(20_000).optional().meta({
    title: 'Own authority',
    description:
      'FTPS only: the certificate (PEM) of your own authority, where the server has none that is known.',
  }),
});
export type FtpConfig = z.infer<typeof ftpConfig>;

/** An FTP or SFTP folder that is about to be opened. */
export interface FtpPlace {
  readonly config: FtpConfig;
  readonly address: string;
  url(path: string): string | null;
}

/** The port that is used. */
export function portOf({ protocol, port }: Pick<FtpConfig, 'protocol' | 'port'>): number {
  return port ?? { sftp: 22, ftps: 21, 'ftps-implicit': 990, ftp: 21 }[protocol];
}

/** The host as the network wants it. */
export function hostOf({ host }: Pick<FtpConfig, 'host'>): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** The folder as a person knows it; `~` stands for where the login leads. */
export function ftpAddress(config: FtpConfig): string {
  const scheme = config.protocol === 'ftps-implicit' ? 'ftps' : config.protocol;
  const port =
    config.port === undefined || config.port === portOf({ protocol: config.protocol })
      ? ''
      : `:${config.port}`;
  const folder = plain(config.folder);
  return `${scheme}://${config.user}@${config.host.toLowerCase()}${port}${folder.startsWith('/') ? '' : '/~/'}${folder}`;
}

/** The web address of a file. */
export function ftpUrl({ url }: FtpConfig, path: string): string | null {
  if (!url) return null;
  return url.replace(/\/?$/, '/') + path.split('/').map(encodeURIComponent).join('/');
}

/** The folder without what means nothing in it. */
export function plain(folder: string): string {
  const names = folder.split('/').filter((name) => name !== '' && name !== '.');
  return (folder.startsWith('/') ? '/' : '') + names.join('/');
}

/** Whose credentials are used: bound to protocol, user, host and port, and to whose word is taken for the host. */
export function ftpAccount(config: FtpConfig): TargetAccount {
  const { protocol, user, host } = config;
  const title = `${user} at ${host.toLowerCase()} (${protocol === 'sftp' ? 'SFTP' : 'FTP'})`;
  const id = `${protocol} ${user}@${host.toLowerCase()}:${portOf(config)}${trust(config)}`;
  const password = { name: 'password', title: 'Password', lines: false };
  if (protocol !== 'sftp') {
    const description = 'The password of this user.';
    const help = 'Your web host tells the password, or lets you set one for FTP.';
    return { id, title, fields: [{ ...password, description, optional: false }], help, signIn: false };
  }
  return {
    id,
    title,
    fields: [
      { ...password, description: 'Empty where a key lets you in.', optional: true },
      {
        name: 'privateKey',
        title: 'Private key',
        description:
          'The text of the key file, as of ~/.ssh/id_ed25519; empty where the password lets you in.',
        optional: true,
        lines: true,
      },
      {
        name: 'passphrase',
        title: 'Passphrase of the key',
        description: 'Empty where the key has none.',
        optional: true,
        lines: false,
      },
      {
        name: 'fingerprint',
        title: "Fingerprint of the server's key",
        description:
          'As "SHA256:…"; the check of the target shows it when it is left empty: compare it with what your host says.',
        optional: true,
        lines: false,
        shown: true,
      },
    ],
    help: 'Give a password or a private key, and the fingerprint that your host tells you (ssh-keyscan HOST | ssh-keygen -lf -).',
    signIn: false,
  };
}

/** An authority that a config brings could stand for any server, so what was entered without it is not sent by it. */
function trust({ certificate }: FtpConfig): string {
  return certificate === undefined ? '' : ` by authority ${hash('sha256', certificate.trim()).slice(0, 16)}`;
}

function isFolder(folder: string): boolean {
  return (
    !/[\p{Cc}\p{Cf}\\]/u.test(folder) &&
    !folder.split('/').includes('..') &&
    plain(folder).replace('/', '') !== ''
  );
}
