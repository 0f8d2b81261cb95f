import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { github } from '../../../server/adapters/targets/github.ts';
import { compared, rounds } from './compared.ts';
import type { Match } from './match.ts';
import { publish } from './publish.ts';
import { ran } from './ran.ts';
import type { Site } from './site.ts';
import { started } from './started.ts';

const program = '/usr/bin/git';

/** Beside `git push`; two servers, for none here speaks both wires: a stand-in for GitHub's API, and git's own `http-backend`. */
export const gitHub: Match = {
  how: 'to GitHub',
  needs: { [program]: 'git' },
  measure: async (site) => {
    const { blobs, parcel } = site;
    await using service = await started(
      'test/servers/githubProcess.ts',
      ...rounds.map((round) => `ours-${round}`),
    );
    const { url: api, token } = JSON.parse(service.said) as { url: string; token: string };
    const place = path.join(site.folder, 'repositories');
    await mkdir(place);
    await using host = await started(
      'bench/floors/gitHost.ts',
      place,
      ...rounds.map((round) => `theirs-${round}`),
    );
    for (const round of rounds) await git(site, `theirs-${round}`, 'init', '-q');
    const ours = (name: string) =>
      publish(
        github,
        { repository: `octo/${name}`, mode: 'commit', api },
        { credential: { token }, blobs, parcel, execution: name },
      );
    // A person's folder is a repository already, so `init` does not count; what is new in it is added and committed each time.
    const theirs = async (name: string) => {
      await git(site, name, 'add', '.');
      await git(site, name, 'commit', '-q', '-m', 'Site');
      await git(site, name, 'push', '-q', `http://127.0.0.1:${Number(host.said)}/${name}.git`, 'HEAD:main');
    };
    return await compared('to GitHub', { ours, theirs }, 2);
  },
};

/** Runs git over the files of the site with a repository beside them, without the settings of this machine. */
async function git({ folder, files }: Site, name: string, ...args: string[]): Promise<void> {
  await ran(program, args, {
    HOME: folder,
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_DIR: path.join(folder, `${name}.git`),
    GIT_WORK_TREE: files,
    GIT_AUTHOR_NAME: 'bench',
    GIT_AUTHOR_EMAIL: 'bench@example.org',
    GIT_COMMITTER_NAME: 'bench',
    GIT_COMMITTER_EMAIL: 'bench@example.org',
  });
}
