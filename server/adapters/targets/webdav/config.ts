import * as z from 'zod';
import type { TargetAccount } from '../../../protocol/target.ts';

/** What publishing by WebDAV wants to know. */
export const WebdavConfig = z.strictObject({
  folder: z
    .url({ protocol: /^https?$/ })
    .max(1024)
    .refine((url) => isPlace(url), 'only https://host/path, without user, "?" or "#"')
    .meta({
      title: 'Folder',
      description:
        'The WebDAV address of the folder, as "https://cloud.example.org/dav/site"; it is made if needed.',
    }),
  user: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[^:\p{Cc}\p{Cf}]+$/u, 'a name without ":"')
    .meta({ title: 'User', description: 'The name with which you sign in there.' }),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ title: 'Public address', description: 'Where people see it, if anybody can.' }),
});
export type WebdavConfig = z.infer<typeof WebdavConfig>;

/** The account that a config needs; its password goes to this one server. */
export function webdavAccount({ folder, user }: WebdavConfig): TargetAccount {
  const { protocol, host } = new URL(folder);
  const server = `${protocol === 'http:' ? 'http://' : ''}${host}`;
  return {
    id: `webdav ${user}@${server}`,
    title: `WebDAV: ${user} at ${host}`,
    fields: [
      {
        name: 'password',
        title: 'Password',
        description: 'Better than your own: one that you made for this app.',
        optional: false,
        lines: false,
      },
    ],
    help: 'Make a password for an app in the settings of that service, and enter it here.',
    signIn: false,
  };
}

/** The folder as a person knows it. */
export function webdavAddress({ folder }: WebdavConfig): string {
  return folder.replace(/\/+$/, '');
}

/** The decoded path of the folder, without a `/` at its end. */
export function rootOf({ folder }: WebdavConfig): string {
  return decodeURIComponent(new URL(folder).pathname).replace(/\/+$/, '');
}

function isPlace(url: string): boolean {
  const { username, password, search, hash, pathname } = new URL(url);
  try {
    const path = decodeURIComponent(pathname);
    return username + password + search + hash === '' && !/\/\/|\\|\p{Cc}/u.test(path);
  } catch {
    return false;
  }
}
