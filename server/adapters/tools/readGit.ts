import path from 'node:path';
import * as z from 'zod';
import { looksSecret } from '../../core/policy/protections.ts';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import type { Effect } from '../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { runGit } from '../git/cleanGit.ts';
import { fileEffect, findSpot, wholeWorkspace } from './files/places.ts';
import { openRepository, type Repository } from './gitTool/repository.ts';

const Input = z.strictObject({
  what: z.enum(['status', 'diff', 'staged', 'log', 'show', 'branches']),
  of: z
    .string()
    .refine((text) => /^[\w./@][\w./@{}^~+-]{0,199}$/.test(text), 'must be a commit, branch, tag or range')
    .optional()
    .describe('commit or range'),
  path: z.string().optional(),
});
type Input = z.infer<typeof Input>;

/** The most bytes of one answer. */
const most = 2 * 1024 * 1024;
/** The most commits of one log. */
const mostCommits = 100;

/** Reads what git knows of the workspace; changes nothing. */
export const readGit: Tool<Input> = {
  name: 'read_git',
  description: 'Reads git.',
  input: Input,
  needs: [{ permission: 'read', reason: 'To see what changed in the workspace, and its history.' }],
  repeatable: true,
  async plan(input, context) {
    const { what, of = '', path: given } = input;
    const spot = given === undefined ? null : await findSpot(given, context);
    if (spot && !spot.ok) return spot;
    const secrets = await secretsIn(input, context);
    if (!secrets.ok) return secrets;
    return good({
      title: `Read git ${[what, of, spot?.value.shown ?? ''].filter(Boolean).join(' ')}`,
      effects: [spot ? fileEffect('read', spot.value) : wholeWorkspace(context), ...secrets.value],
      exactly: { path: spot?.value.path ?? null, secrets: secrets.value.map(({ shown }) => shown) },
      preview: null,
    });
  },
  async run(input, plan, context) {
    if (context.signal.aborted) return bad(failures.cancelled('Nothing was read.'));
    const again = await readGit.plan(input, context);
    if (!again.ok) return again;
    if (JSON.stringify(again.value.exactly) !== JSON.stringify(plan.exactly)) {
      return bad(failures.conflict('What would be read changed meanwhile.', 'Ask again.'));
    }
    const below = await shownBelow(input.path, context);
    if (!below.ok) return below;
    const opened = await openRepository(context);
    if (!opened.ok) return opened;
    return answered(opened.value, argumentsOf(input, below.value));
  },
};

/** The path below the workspace that is asked for. */
async function shownBelow(given: string | undefined, context: ToolContext): Promise<Outcome<string>> {
  if (given === undefined) return good('.');
  const spot = await findSpot(given, context);
  if (!spot.ok) return spot;
  if (spot.value.place !== 'outside') return good(spot.value.shown);
  return bad(failures.denied(`${spot.value.shown} is outside the workspace.`, 'Give a path inside it.'));
}

/** Files that look like they hold secrets and whose text would be told: each is named for the policy to see. */
async function secretsIn(input: Input, context: ToolContext): Promise<Outcome<FileRead[]>> {
  if (!['diff', 'staged', 'show'].includes(input.what)) return good([]);
  const below = await shownBelow(input.path, context);
  if (!below.ok) return good([]);
  const opened = await openRepository(context);
  if (!opened.ok) return opened;
  const { ask, root } = opened.value;
  const [command = '', ...rest] = argumentsOf(input, below.value);
  const told = rest.filter((one) => !['--stat', '-p', whole].includes(one));
  const only = ['--name-only', '--no-renames', '-z', ...(command === 'log' ? ['--format='] : [])];
  const names = await ask([command, ...only, ...told], { environment: literally, most });
  if (!names.ok) return names;
  const secret = names.value.split('\0').filter((name) => looksSecret(name));
  return good(
    [...new Set(secret)].slice(0, 100).map((shown) => {
      return { kind: 'read', path: `${root}/${shown}`.split(path.sep).join('/'), shown, place: 'workspace' };
    }),
  );
}

type FileRead = Extract<Effect, { kind: 'read' }>;

const literally = { GIT_LITERAL_PATHSPECS: '1' };

async function answered(repository: Repository, args: readonly string[]) {
  const run = repository.run({ most, environment: literally });
  const end = await runGit(args, run);
  if (!end.ok) return end;
  const { code, output, complaint, cut } = end.value;
  if (code !== 0) return bad(failures.tool(`git says: ${complaint.trim().slice(0, 500)}`, mend));
  const text = output.toString('utf8');
  return good({ output: (text.trim() === '' ? 'Nothing.' : text) + (cut ? '\n… cut; ask for less.' : '') });
}

const mend = 'Look at the log or the branches for the right name.';

/** What only looks, without drivers that the repository could name. */
const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];
const oneLine = '--format=%h %cs %an%d%n    %s';
const whole = '--format=commit %H%nauthor %an <%ae>%ndate %cI%n%n%B';

function argumentsOf({ what, of }: Input, below: string): string[] {
  const paths = ['--', below];
  const revision = of === undefined ? [] : ['--end-of-options', of];
  switch (what) {
    case 'status':
      return ['status', '--short', '--branch', '--ignore-submodules=all', '--untracked-files=all', ...paths];
    case 'diff':
      return ['diff', ...plain, ...revision, ...paths];
    case 'staged':
      return ['diff', '--cached', ...plain, ...paths];
    case 'log':
      return ['log', '--no-color', '--no-show-signature', `-${mostCommits}`, oneLine, ...revision, ...paths];
    case 'show':
      return ['log', '-1', '--stat', '-p', ...plain, '--no-show-signature', whole, ...revision, ...paths];
    case 'branches':
      return ['for-each-ref', '--sort=-committerdate', '--count=200', refs, 'refs/heads', 'refs/remotes'];
  }
}

const refs =
  '--format=%(if)%(HEAD)%(then)* %(else)  %(end)%(refname:short) %(objectname:short) %(committerdate:short) %(subject)';
