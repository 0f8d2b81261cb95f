import { execFileSync } from 'node:child_process';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tool, ToolContext } from '../../../server/core/ports/tool.ts';
import { type Ground, makeGround } from './ground.ts';

/** A workspace that is a git repository with one commit. */
export interface GitGround extends Ground {
  git(...args: string[]): string;
}

/** Makes a repository with files, committed once by somebody. */
export async function makeGitGround(
  files: Record<string, string> = { 'a.txt': 'one\n' },
): Promise<GitGround> {
  const ground = await makeGround(files);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ground.workspace, encoding: 'utf8', stdio: 'pipe', env: environment });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Tester');
  git('config', 'user.email', 'tester@example.com');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  return Object.assign(ground, { git });
}

const environment = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Plans and runs a call that may be refused at either. */
export async function attempt<I>(tool: Tool<I>, input: unknown, context: ToolContext) {
  const parsed = tool.input.parse(input);
  const plan = await tool.plan(parsed, context);
  return plan.ok ? tool.run(parsed, plan.value, context) : plan;
}

/** The outcome of a member that a tool does not have. */
export const none = { ok: false, failure: { kind: 'internal', what: 'no such member', mend: '' } } as const;

/** Fills a repository with everything that makes git start a program; tells whether any was started. */
export async function setTraps(ground: GitGround): Promise<{ sprung(): Promise<boolean> }> {
  const mark = path.join(ground.outside, 'sprung');
  const trap = path.join(ground.workspace, 'trap.sh');
  await writeFile(trap, `#!/bin/sh\necho "$0 $*" >> '${mark}'\ncat\n`);
  await chmod(trap, 0o755);
  for (const name of ['git', 'cat', 'less', 'sh', 'ssh', 'gpg', 'false', 'git-remote-ext']) {
    await mkdir(path.join(ground.workspace, 'bin'), { recursive: true });
    await writeFile(path.join(ground.workspace, 'bin', name), `#!/bin/sh\necho ${name} >> '${mark}'\n`);
    await chmod(path.join(ground.workspace, 'bin', name), 0o755);
  }
  const hooks = path.join(ground.workspace, '.git', 'hooks');
  await mkdir(hooks, { recursive: true });
  for (const hook of hookNames) {
    await writeFile(path.join(hooks, hook), `#!/bin/sh\necho hook ${hook} >> '${mark}'\n`);
    await chmod(path.join(hooks, hook), 0o755);
  }
  await writeFile(path.join(ground.workspace, '.git', 'more'), `[core]\n\tfsmonitor = ${trap}\n`);
  for (const [key, value] of traps(trap, path.join(ground.workspace, '.git')))
    ground.git('config', key, value);
  await writeFile(
    path.join(ground.workspace, '.git', 'info', 'attributes'),
    '* filter=evil diff=evil merge=evil\n*.txt filter=other\n',
  );
  return {
    sprung: () =>
      access(mark).then(
        () => true,
        () => false,
      ),
  };
}

const hookNames = [
  ...[
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'post-checkout',
    'reference-transaction',
  ],
  ...['post-index-change', 'pre-auto-gc', 'post-rewrite', 'fsmonitor-watchman', 'post-merge', 'pre-push'],
];

function traps(trap: string, dir: string): [string, string][] {
  const own = [
    ...['core.fsmonitor', 'core.pager', 'core.editor', 'core.sshCommand', 'core.askPass', 'core.gitProxy'],
    ...['core.alternateRefsCommand', 'diff.external', 'diff.evil.command', 'diff.evil.textconv'],
    ...[
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'filter.other.clean',
      'filter.other.smudge',
    ],
    ...[
      'merge.evil.driver',
      'gpg.program',
      'gpg.ssh.program',
      'gpg.x509.program',
      'gpg.ssh.defaultKeyCommand',
    ],
    ...[
      'credential.helper',
      'interactive.diffFilter',
      'sequence.editor',
      'pager.log',
      'pager.diff',
      'pager.status',
    ],
    ...['pager.show', 'pager.branch', 'uploadpack.packObjectsHook', 'remote.origin.uploadpack'],
    ...[
      'trailer.x.command',
      'trailer.x.cmd',
      'man.viewer.cmd',
      'browser.x.cmd',
      'diff.tool',
      'difftool.x.cmd',
    ],
    ...['submodule.s.update', 'alias.status', 'alias.commit', 'alias.switch', 'alias.log', 'alias.diff'],
  ].map((key): [string, string] => [key, /^alias|update$/.test(key) ? `!${trap}` : trap]);
  return [
    ...own,
    ['core.hooksPath', path.join(dir, 'hooks')],
    ['filter.evil.required', 'true'],
    ['commit.gpgSign', 'true'],
    ['tag.gpgSign', 'true'],
    ['log.showSignature', 'true'],
    ['gpg.format', 'ssh'],
    ['user.signingKey', trap],
    ['include.path', path.join(dir, 'more')],
    ['includeIf.gitdir:/.path', path.join(dir, 'more')],
    ['remote.origin.url', `ext::${trap}`],
    ['remote.origin.promisor', 'true'],
    ['extensions.partialClone', 'origin'],
    ['protocol.ext.allow', 'always'],
    ['core.worktree', '/'],
    ['submodule.recurse', 'true'],
    ['status.submoduleSummary', 'true'],
    ['gc.auto', '1'],
    ['maintenance.auto', 'true'],
    ['core.untrackedCache', 'true'],
  ];
}
