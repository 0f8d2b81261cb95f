import { hash } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';
import { type Gate, openGate, perName, type Rule } from './githubGate.ts';

/** Tokens that the server knows; what they look like is nothing that a real service gives out. */
export const tokens = { owner: 'key-of-octo', guest: 'key-of-a-guest' } as const;

/** A service like GitHub on the loopback, with an independent client to look at it. */
export interface GithubServer extends AsyncDisposable {
  readonly url: string;
  readonly gate: Gate;
  /** The official client, as the owner. */
  readonly witness: Octokit;
  /** SHA-256 of each asset as it arrived, by its name. */
  readonly assets: Map<string, string>;
  /** What the service tells of a website, by the name of its repository. */
  readonly sites: Map<string, unknown>;
  /** Branches with the paths of all files and their contents, pull requests that are open, releases and tags. */
  look(repository?: string): Promise<Record<string, unknown> | null>;
  /** The files of a branch with their contents. */
  files(branch: string, repository?: string): Promise<Record<string, string>>;
  /** Commits files as a person would. */
  commit(files: Record<string, string | null>, branch?: string): Promise<string>;
}

/** Names of each person that the emulator knows; the gate takes the first, the witness the last. */
const mostNames = 100;

/** Starts it with the repository `octo/site`, which has a README. */
export async function startGithub(more: readonly Rule[] = []): Promise<GithubServer> {
  const names = (login: string) =>
    Array.from(
      { length: mostNames },
      (_, count) =>
        [`${login}-${count}`, { login, scopes: ['repo'] }] as [string, { login: string; scopes: string[] }],
    );
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries([...names('octo'), ...names('guest')]),
      github: {
        users: [{ login: 'octo' }, { login: 'guest' }],
        repos: [{ owner: 'octo', name: 'site' }],
      },
    },
  });
  const assets = new Map<string, string>();
  const sites = new Map<string, unknown>();
  const known = {
    [tokens.owner]: (count: number) => `octo-${count}`,
    [tokens.guest]: (count: number) => `guest-${count}`,
  };
  const rules = [...more, rights, siteRule(sites), emptyOnes, onePull, tagOfRelease, oneAsset(assets)];
  const gate = await openGate(emulator.url, known, rules);
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const witness = new Octokit({ baseUrl: emulator.url, log: quiet });
  let looks = 0;
  witness.hook.before('request', ({ headers }) => {
    headers.authorization = `token octo-${mostNames - 1 - Math.floor(looks++ / perName)}`;
  });
  const whole = (repository = 'site') => ({ owner: 'octo', repo: repository });
  const files = (branch: string, repository?: string) => filesOf(witness, whole(repository), branch);
  return {
    url: gate.url,
    gate,
    witness,
    assets,
    sites,
    files,
    look: (repository) => lookAt(witness, whole(repository)),
    commit: (changes, branch = 'main') => commitAs(witness, whole(), changes, branch),
    [Symbol.asyncDispose]: async () => {
      await gate[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

type At = { owner: string; repo: string };

async function filesOf(witness: Octokit, at: At, branch: string): Promise<Record<string, string>> {
  const { data } = await witness.git.getTree({ ...at, tree_sha: branch, recursive: '1' });
  const found: Record<string, string> = {};
  for (const { path = '', sha = '', type, mode } of data.tree) {
    if (type !== 'blob') continue;
    const blob = await witness.git.getBlob({ ...at, file_sha: sha });
    const text = Buffer.from(blob.data.content, 'base64').toString('utf8');
    found[path] = mode === '100644' ? text : `${mode} ${text}`;
  }
  return found;
}

async function lookAt(witness: Octokit, at: At): Promise<Record<string, unknown> | null> {
  const there = await witness.repos.get(at).catch(() => null);
  if (!there) return null;
  const branches: Record<string, unknown> = {};
  for (const { name } of (await witness.repos.listBranches(at)).data) {
    branches[name] = await filesOf(witness, at, name);
  }
  const pulls = (await witness.pulls.list({ ...at, state: 'open' })).data.map((pull) => pull.number);
  const releases = (await witness.repos.listReleases(at)).data.map((one) => [one.tag_name, one.draft]);
  const tags = (await witness.git.listMatchingRefs({ ...at, ref: 'tags/' })).data.map((tag) => tag.ref);
  return { branches, pulls, releases, tags };
}

async function commitAs(
  { git }: Octokit,
  at: At,
  changes: Record<string, string | null>,
  branch: string,
): Promise<string> {
  const head = (await git.getRef({ ...at, ref: `heads/${branch}` })).data.object.sha;
  const base = (await git.getCommit({ ...at, commit_sha: head })).data.tree.sha;
  const entries = Object.entries(changes).map(([given, content]) => {
    const [path = '', mode = '100644'] = given.split('|');
    const file = { path, mode: mode as '100644' | '100755' | '120000', type: 'blob' as const };
    return content === null ? { ...file, sha: null } : { ...file, content };
  });
  const tree = (await git.createTree({ ...at, base_tree: base, tree: entries })).data.sha;
  const made = await git.createCommit({ ...at, message: 'By a person', tree, parents: [head] });
  await git.updateRef({ ...at, ref: `heads/${branch}`, sha: made.data.sha });
  return made.data.sha;
}

/** https://docs.github.com/en/rest/pages/pages */
function siteRule(sites: Map<string, unknown>): Rule {
  return ({ method, path, body }) => {
    const name = /^\/repos\/octo\/([^/]+)\/pages$/.exec(path)?.[1];
    if (name === undefined) return null;
    const site = sites.get(name);
    if (method === 'POST' && !site) {
      const { source } = JSON.parse(body.toString('utf8')) as { source: unknown };
      const made = { html_url: `https://octo.example/${name}/`, public: true, source };
      sites.set(name, made);
      return { status: 201, body: made };
    }
    if (method === 'DELETE' && sites.delete(name)) return { status: 204 };
    return site ? { status: 200, body: site } : { status: 404, body: { message: 'Not Found' } };
  };
}

/** A repository without commits takes its first one as a file: https://docs.github.com/en/rest/git */
const emptyOnes: Rule = async ({ method, path }, behind) => {
  const at = /^\/repos\/[^/]+\/[^/]+(?=\/git\/)/.exec(path)?.[0];
  if (method !== 'POST' || !at) return null;
  const heads = await behind('GET', `${at}/git/matching-refs/heads/`);
  const isEmpty = Array.isArray(heads.body) && heads.body.length === 0;
  return isEmpty ? { status: 409, body: { message: 'Git Repository is empty.' } } : null;
};

/** A repository tells what the one who asks may do: https://docs.github.com/en/rest/repos/repos#get-a-repository */
const rights: Rule = async ({ method, path, token }, behind) => {
  if (method !== 'GET' || !/^\/repos\/[^/]+\/[^/]+$/.test(path)) return null;
  const { status, body } = await behind(method, path);
  const own = token === tokens.owner;
  const permissions = { admin: own, push: own, pull: true };
  return { status, body: status === 200 ? { ...(body as object), permissions } : body };
};

/** A head has one open pull request to a base: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
const onePull: Rule = async ({ method, path, body }, behind) => {
  if (method !== 'POST' || !/\/pulls$/.test(path)) return null;
  const { head, base } = JSON.parse(body.toString('utf8')) as { head: string; base: string };
  const owner = path.split('/')[2];
  const open = await behind('GET', `${path}?state=open&head=${owner}:${head}&base=${base}`);
  if (!Array.isArray(open.body) || open.body.length === 0) return null;
  const message = `A pull request already exists for ${owner}:${head}.`;
  return { status: 422, body: { message: 'Validation Failed', errors: [{ message }] } };
};

/** A release that is published makes its tag: https://docs.github.com/en/rest/releases/releases#create-a-release */
const tagOfRelease: Rule = async ({ method, path, body }, behind) => {
  if (method !== 'PATCH' || !/\/releases\/\d+$/.test(path)) return null;
  const done = await behind(method, path, JSON.parse(body.toString('utf8')));
  const { draft, tag_name: tag, target_commitish: sha } = done.body as Record<string, unknown>;
  const repository = path.split('/').slice(0, 4).join('/');
  if (done.status === 200 && draft === false) {
    await behind('POST', `${repository}/git/refs`, { ref: `refs/tags/${tag}`, sha });
  }
  return { status: done.status, body: done.body };
};

/** A release has one asset of a name: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset */
function oneAsset(assets: Map<string, string>): Rule {
  return async ({ method, path, body }, behind) => {
    const [at = '', query = ''] = path.split('?');
    if (!/\/releases\/\d+\/assets$/.test(at)) return null;
    if (method === 'GET') {
      const { status, body: list } = await behind(method, path);
      const digestOf = (name: string) => (assets.has(name) ? `sha256:${assets.get(name)}` : null);
      if (!Array.isArray(list)) return { status, body: list };
      return { status, body: list.map((asset) => ({ ...asset, digest: digestOf(asset.name) })) };
    }
    if (method !== 'POST') return null;
    if (body.length === 0) return { status: 400, body: { message: 'Bad Content-Length' } };
    const name = new URLSearchParams(query).get('name') ?? '';
    const stands = await behind('GET', `${at}?per_page=100`);
    if (Array.isArray(stands.body) && stands.body.some((asset) => asset.name === name)) {
      return { status: 422, body: { message: 'Validation Failed', errors: [{ code: 'already_exists' }] } };
    }
    assets.set(name, hash('sha256', body));
    return null;
  };
}
