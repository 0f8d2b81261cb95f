import { looksSecret } from '../policy/protections.ts';
import { remoteHostOf } from './hosts.ts';
import { isRooted } from './paths.ts';
import type { Judged, Means, ProgramRule, ProgramTable, ReadArguments } from './programRule.ts';

/** Options by which `git` shows commits and differences. */
const showing: ProgramRule = {
  flags:
    'p u s w b M C z # --oneline --graph --all --decorate --no-decorate --stat --shortstat --numstat --name-only --name-status --patch --no-patch --cached --staged --color --no-color --no-merges --merges --follow --reverse --first-parent --abbrev-commit --word-diff --summary --raw --minimal --ignore-all-space --check --quiet --exit-code --relative --no-ext-diff --no-textconv --full-index --abbrev --find-renames --date-order --topo-order --tags --branches --remotes --dirstat --no-renames',
  values: {
    ...{
      '-n': 'text',
      '-U': 'text',
      '-S': 'text',
      '-G': 'text',
      '-L': 'text',
      '--format': 'text',
      '--pretty': 'text',
    },
    ...{
      '--date': 'text',
      '--since': 'text',
      '--until': 'text',
      '--after': 'text',
      '--before': 'text',
      '--author': 'text',
    },
    ...{
      '--grep': 'text',
      '--max-count': 'text',
      '--diff-filter': 'text',
      '--unified': 'text',
      '--skip': 'text',
    },
  },
  operands: ['text'],
  judge: inside,
};

/** Tasks that only tell. */
const telling: ProgramTable = {
  status: {
    flags:
      's b u v z --short --branch --porcelain --long --ignored --untracked-files --show-stash --ahead-behind --no-ahead-behind',
    operands: ['text'],
  },
  log: showing,
  show: showing,
  diff: showing,
  shortlog: { flags: 's n e --summary --numbered --email --all', operands: ['text'] },
  blame: { flags: 'w C M l s e', values: { '-L': 'text' }, operands: ['text'], judge: inside },
  branch: {
    flags: 'a r v vv --all --remotes --list --show-current --verbose',
    values: { '--contains': 'text', '--merged': 'text', '--no-merged': 'text', '--sort': 'text' },
  },
  tag: {
    flags: 'l --list',
    values: { '--sort': 'text', '--contains': 'text', '--points-at': 'text' },
    judge: ({ operands }) => only(operands.length === 0),
  },
  'rev-parse': {
    flags:
      '--show-toplevel --abbrev-ref --short --verify --git-dir --is-inside-work-tree --symbolic-full-name --show-prefix --quiet',
    operands: ['text'],
  },
  'rev-list': {
    flags: '--count --all --no-merges --left-right --first-parent --reverse',
    values: { '-n': 'text', '--max-count': 'text', '--since': 'text' },
    operands: ['text'],
  },
  'ls-files': {
    flags:
      'c d m o i s u z t --cached --deleted --modified --others --ignored --stage --exclude-standard --error-unmatch',
    operands: ['text'],
  },
  'ls-tree': { flags: 'r d t l z --name-only --full-tree', operands: ['text'] },
  'merge-base': { flags: '--is-ancestor --all', operands: ['text'] },
  describe: { flags: '--tags --always --dirty --long --all --abbrev', operands: ['text'] },
  'cat-file': { flags: 'p t s e', operands: ['text'], judge: inside },
  'check-ignore': { flags: 'v q n', operands: ['text'] },
  'count-objects': { flags: 'v H' },
  'for-each-ref': { values: { '--format': 'text', '--sort': 'text', '--count': 'text' }, operands: ['text'] },
  remote: {
    flags: 'v --verbose',
    operands: ['text'],
    judge: ({ operands }) => only(operands.length === 0 || operands[0] === 'get-url'),
  },
  stash: { operands: ['text'], judge: ({ operands }) => only(operands[0] === 'list') },
  reflog: { values: { '-n': 'text' } },
  grep: {
    flags:
      'n i l c w E F P h H v q I --line-number --ignore-case --files-with-matches --count --word-regexp --cached',
    values: { '-e': 'text', '-A': 'text', '-B': 'text', '-C': 'text', '--max-depth': 'text' },
    operands: ['text'],
    judge: inside,
  },
  version: {},
};

/** Tasks that change the repository, its settings or the files in hand; what they bring is not known before. */
const changing: ProgramTable = {
  add: changes('A u n v f p --all --update --dry-run --force --intent-to-add'),
  commit: changes(
    'a m v s q --all --amend --no-edit --signoff --allow-empty --quiet --verbose',
    '-m --message --date --author --fixup',
  ),
  ...Object.fromEntries(
    [
      'checkout',
      'switch',
      'restore',
      'reset',
      'merge',
      'rebase',
      'cherry-pick',
      'revert',
      'rm',
      'mv',
      'init',
      'apply',
      'am',
      'clean',
      'gc',
      'prune',
      'notes',
      'bisect',
    ].map(
      (task) =>
        [
          task,
          changes(
            'b c f d q n r --hard --soft --mixed --staged --abort --continue --cached --no-commit --no-ff --ff-only --quiet --worktree --force',
          ),
        ] as const,
    ),
  ),
  config: {
    flags: '--global --local --system --unset --add --get --list',
    operands: ['text'],
    unclear: '`git config` can make git run any program.',
  },
  submodule: { unclear: '`git submodule` fetches and runs what other repositories say.' },
  worktree: changes('b f --force'),
  fetch: { ...changes('p t q --all --prune --tags --quiet --depth'), judge: reaches },
  pull: { ...changes('q r --rebase --ff-only --quiet --no-rebase --tags'), judge: reaches },
  push: {
    ...changes('u f q d --set-upstream --force --force-with-lease --tags --quiet --delete --dry-run --all'),
    judge: reaches,
  },
  clone: {
    ...changes('q --bare --single-branch --quiet --no-tags', '-b --branch --depth -o'),
    judge: reaches,
  },
  'ls-remote': { flags: '--heads --tags --quiet', operands: ['text'], judge: reaches },
};

/** `git`, whose own options come before its task. */
export const gitPrograms: ProgramTable = {
  git: {
    flags: 'P --no-pager --no-optional-locks --literal-pathspecs',
    values: { '-C': 'read' },
    tasks: { ...telling, ...changing },
  },
};

function changes(flags: string, valued = ''): ProgramRule {
  const values = Object.fromEntries(
    valued
      .split(' ')
      .filter(Boolean)
      .map((name) => [name, 'text'] as const),
  );
  return { flags, values, operands: ['text'], writes: ['.git'] };
}

/** Files outside a repository are compared and searched like others; of its own, secrets are shown as well. */
function inside({ operands }: ReadArguments): Judged {
  const leaves = operands.some((one) => isRooted(one) || /(^|\/)\.\.(\/|$)/.test(one));
  const files = operands.map((one) => one.slice(one.lastIndexOf(':') + 1)).filter(looksSecret);
  return {
    means: files.map((file): [Means, string] => ['read', file]),
    reasons: leaves ? ['It may read files outside the repository.'] : [],
  };
}

function only(tells: boolean): Judged {
  return tells ? {} : { means: [['write', '.git/config']] };
}

/** A repository of another machine: its host, or the one that the repository in hand has set. */
function reaches({ operands }: ReadArguments): Judged {
  const [from = ''] = operands;
  if (/::|^-/.test(from)) return { reasons: ['It names a repository in a form that runs a program.'] };
  const host = remoteHostOf(from);
  return host === null
    ? { reasons: ['It reaches whatever server the repository has set.'] }
    : { means: [['url', host]] };
}
