import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import type { Api } from './api.ts';
import { type Config, placeOf } from './config.ts';
import { isEmpty } from './firstCommit.ts';
import { isProtected } from './plan.ts';
import { branchFor } from './prepare.ts';
import { Refused } from './refused.ts';
import { type Repository, readRepository } from './repository.ts';
import { siteOf } from './site.ts';
import { readRef } from './tree.ts';
import { openHub } from './work.ts';

const User = z.object({ login: z.string().max(100) });

/** Tries token, rights and repository without writing; each finding says what was looked at. */
export async function findingsFor(config: Config, context: TargetContext): Promise<TargetFinding[]> {
  const findings: TargetFinding[] = [];
  try {
    using hub = await openHub(config, context);
    findings.push(...(await tokenFindings(hub.api, config, context.now())));
    const repository = await readRepository(hub);
    findings.push(...repositoryFindings(config, repository));
    if (repository) {
      const branch = branchFor({ config }, repository);
      const stands = (await readRef(hub, `heads/${branch}`)) !== null;
      const begins = !stands && branch === repository.default_branch && (await isEmpty(hub));
      findings.push(branchFinding(config, { branch, stands, begins }));
      if (stands && ['commit', 'pages'].includes(config.mode) && (await isProtected(hub, branch))) {
        findings.push(
          bad(`The branch "${branch}" is protected.`, 'Publish by pull request, or lift the rule.'),
        );
      }
      if (config.mode === 'pages') findings.push(siteFinding(await siteOf(hub)));
    }
    findings.push(...limitFindings(hub.api));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    findings.push(bad(error.failure.what, error.failure.mend));
  }
  return findings;
}

/** What the token is and may: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api */
export async function tokenFindings(
  api: Api,
  config: Pick<Config, 'api' | 'user'>,
  now: number,
): Promise<TargetFinding[]> {
  const { login } = await api.ask({ method: 'GET', path: '/user', reads: User });
  const name = login.replace(/[\p{C}]/gu, '');
  const findings = [good(`The token is that of ${name}.`)];
  if (config.user && config.user.toLowerCase() !== name.toLowerCase()) {
    findings.push(bad(`It is not that of ${config.user}.`, 'Connect the account with a token of that user.'));
  }
  const ends = Date.parse(api.header('github-authentication-token-expiration')?.replace(' UTC', 'Z') ?? '');
  if (Number.isFinite(ends) && ends - now < 7 * 86_400_000) {
    const day = new Date(ends).toISOString().slice(0, 10);
    findings.push(bad(`The token ends on ${day}.`, 'Make a new one and connect the account again.'));
  }
  return findings;
}

function repositoryFindings(config: Config, repository: Repository | null): TargetFinding[] {
  const { owner, name } = placeOf(config);
  if (!repository) {
    if (config.create !== 'no') return [good(`${owner}/${name} is missing and will be created.`)];
    const mend = 'Correct the name, let the target create it, or give the token the right to see it.';
    return [bad(`There is no repository ${owner}/${name} for this token.`, mend)];
  }
  const seen = repository.private ? 'private' : 'public';
  const findings = [good(`${owner}/${name} is there and ${seen}.`)];
  if (repository.archived) findings.push(bad('It is archived.', 'Unarchive it, or choose another one.'));
  const push = repository.permissions?.push;
  if (push === true) findings.push(good('Its owner lets you write to it.'));
  if (push === false) {
    findings.push(bad('You may not write to it.', 'Ask its owner for the right, or choose another one.'));
  }
  return findings;
}

function branchFinding(
  { mode }: Config,
  { branch, stands, begins }: { branch: string; stands: boolean; begins: boolean },
): TargetFinding {
  if (begins && mode === 'commit')
    return good('It is empty; its first commit comes with the first publication.');
  if (stands) return good(`The branch "${branch}" is there.`);
  if (mode === 'pages') return good(`The branch "${branch}" will come with the first publication.`);
  return bad(`There is no branch "${branch}".`, 'Make a first commit there, or name another branch.');
}

function siteFinding({ on, url }: { on: boolean; url: string | null }): TargetFinding {
  if (on) return good(url ? `GitHub Pages serve it at ${url}.` : 'GitHub Pages are switched on.');
  return bad(
    'GitHub Pages are not switched on, or not for this token to see.',
    'Switch them on in its settings.',
  );
}

function limitFindings({ header }: Api): TargetFinding[] {
  const [left, all] = ['x-ratelimit-remaining', 'x-ratelimit-limit'].map((name) =>
    Number(header(name) ?? NaN),
  );
  if (!Number.isInteger(left) || !Number.isInteger(all)) return [];
  const what = `${left} of ${all} requests of this hour are left.`;
  return [(left ?? 0) >= 50 ? good(what) : bad(what, 'Wait an hour before a large publication.')];
}

function good(what: string): TargetFinding {
  return { good: true, what };
}

function bad(what: string, mend: string): TargetFinding {
  return { good: false, what, mend };
}
