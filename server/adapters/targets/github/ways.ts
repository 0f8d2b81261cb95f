import { branchCommit, pages } from './branchCommit.ts';
import type { Config } from './config.ts';
import { pullRequest } from './pullRequest.ts';
import { release } from './release.ts';
import type { Way } from './work.ts';

/** Every way to publish into a repository. */
export const ways: Readonly<Record<Config['mode'], Way>> = {
  'pull-request': pullRequest,
  commit: branchCommit,
  release,
  pages,
};
