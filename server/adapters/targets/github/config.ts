import * as z from 'zod';
import type { TargetAccount } from '../../../protocol/target.ts';
import { isLoopback } from '../../providers/reach.ts';
import { relativeFault } from '../../tools/files/places.ts';

const Branch = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_./+-]*$/u, 'must be the name of a branch')
  .refine((name) => !/\.\.|\/\/|\/\.|\.lock(\/|$)|[/.]$/.test(name), 'must be the name of a branch');

/** Where the API of a service like GitHub is; a token goes to no other place. */
export const ApiUrl = z
  .string()
  .max(300)
  .refine(isApiUrl, 'must be an address that begins with https://')
  .default('https://api.github.com')
  .meta({
    title: 'API',
    description: 'The address of the API; with GitHub Enterprise Server "https://HOST/api/v3".',
  });

/** Who publishes, where a person has several accounts at one place. */
export const User = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,38}$/, 'must be the name of a user')
  .optional()
  .meta({ title: 'User', description: 'Your user name there; only needed when you have several accounts.' });

/** What a person says of a repository to publish to. */
export const Config = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,38}\/(?!\.{1,2}$)[\w.-]{1,100}$/, 'must be like "owner/name"')
    .meta({ title: 'Repository', description: 'Owner and name, as "octo/site".' }),
  mode: z.enum(['pull-request', 'commit', 'release', 'pages']).default('pull-request').meta({
    title: 'How',
    description:
      'A pull request to be reviewed, a commit on the branch, a release with the files as its assets, or a website on the Pages branch.',
  }),
  branch: Branch.optional().meta({
    title: 'Branch',
    description: 'The branch to publish to; left out, the default branch, and "gh-pages" for Pages.',
  }),
  folder: z
    .string()
    .max(500)
    .refine((folder) => pathFault(folder) === null, 'must be a plain folder, such as "docs"')
    .optional()
    .meta({
      title: 'Folder',
      description:
        'A folder in the repository for the files; what an earlier publication put there and that is gone is deleted.',
    }),
  create: z.enum(['no', 'private', 'public']).default('no').meta({
    title: 'Create the repository',
    description: 'Whether a repository that is missing is created, and who can see it.',
  }),
  message: z.string().min(1).max(200).default('{title}').meta({
    title: 'Title',
    description: 'Of the commit, the pull request or the release; {title} and {date} are filled in.',
  }),
  tag: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9_{][\w{}+-]*([./][\w{}+-]+)*$/, 'must be the name of a tag')
    .default('v{date}')
    .meta({
      title: 'Tag',
      description: 'Of a release; {date} and {time} are filled in, so that each release has its own.',
    }),
  user: User,
  api: ApiUrl,
});
export type Config = z.infer<typeof Config>;

/** A repository, and where its API and its pages are. */
export interface Place {
  readonly api: string;
  /** `https://github.com/owner/name`. */
  readonly web: string;
  readonly owner: string;
  readonly name: string;
  /** The id of the account that goes there. */
  readonly account: string;
}

/** Where a config leads. */
export function placeOf(config: Pick<Config, 'repository' | 'api' | 'user'>): Place {
  const [owner = '', name = ''] = config.repository.split('/');
  const web = `${webOf(config.api)}/${owner}/${name}`;
  return { api: plain(config.api), web, owner, name, account: accountId(config) };
}

/** The account that a token belongs to: one for repositories and gists of a person at one place. */
export function tokenAccount(config: Pick<Config, 'api' | 'user'>): TargetAccount {
  const { host } = new URL(config.api);
  const settings = `${webOf(config.api)}/settings/personal-access-tokens/new`;
  return {
    id: accountId(config),
    title: `GitHub ${config.user ? `${config.user} ` : ''}(${host})`,
    fields: [
      {
        name: 'token',
        title: 'Token',
        description: 'A fine-grained personal access token; it is kept with your secrets.',
        optional: false,
        lines: false,
      },
    ],
    help: `Make a token at ${settings} for the repository alone, with "Contents" and "Pull requests": read and write; where repositories are created also "Administration": read and write, and "Issues": read, so that undo sees what came into them; "Gists" for gists, "Workflows" for files in .github/workflows, "Pages" for websites.`,
    signIn: false,
  };
}

/** What is wrong with a path of a repository, or `null`: git's own folder hides behind no spelling of its name. */
export function pathFault(path: string): string | null {
  const hidden = path.split('/').some((name) => /^(\.git|git~\d+)$/i.test(name.replace(/[. ]+$/, '')));
  return hidden ? "is git's own" : relativeFault(path);
}

/** The address of the pages that people see, from that of the API. */
export function webOf(api: string): string {
  const { protocol, host } = new URL(api);
  const known = host === 'api.github.com' || /^api\.[\w-]+\.ghe\.com$/.test(host);
  return `${protocol}//${known ? host.slice('api.'.length) : host}`;
}

/** Where assets of a release are sent to: a place of the API's own owner. */
export function uploadsOf(api: string): string {
  const { protocol, host } = new URL(api);
  if (webOf(api) !== `${protocol}//${host}`) return `${protocol}//${host.replace(/^api\./, 'uploads.')}`;
  return plain(api).endsWith('/api/v3') ? plain(api).replace(/\/v3$/, '/uploads') : plain(api);
}

function accountId({ api, user }: Pick<Config, 'api' | 'user'>): string {
  return `github ${user ? `${user.toLowerCase()}@` : ''}${new URL(api).host}`;
}

function plain(api: string): string {
  return api.replace(/\/+$/, '');
}

function isApiUrl(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, username, password, search, hash } = new URL(given);
  const bare = [username, password, search, hash].every((part) => part === '');
  return bare && (protocol === 'https:' || (protocol === 'http:' && isLoopback(given)));
}
