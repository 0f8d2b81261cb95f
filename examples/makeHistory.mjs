// Copies the sample workspace into a folder and gives it a git history that is the same every time.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const source = path.join(import.meta.dirname, 'workspace');
const run = promisify(execFile);

/** The commits, oldest first: files that come in, some in an earlier form, and the tag that follows. */
const commits = [
  {
    date: '2026-02-02T09:00:00Z',
    message: 'chore: begin the project',
    files: ['package.json', '.gitignore'],
    earlier: { 'package.json': [['0.2.0', '0.1.0']] },
  },
  {
    date: '2026-02-02T10:00:00Z',
    message: 'feat: work out the height between two tides',
    files: ['src/tide.js', 'tides.json'],
    earlier: { 'src/tide.js': [['  if (Date.parse(after.time) === time) return after.height;\n', '']] },
  },
  { date: '2026-02-03T09:00:00Z', message: 'feat(cli): answer in one line', files: ['src/cli.js'] },
  {
    date: '2026-02-04T09:00:00Z',
    message: 'docs: say what it is',
    files: ['README.md', 'docs/images/day.svg'],
    earlier: { 'README.md': [[/\n## What it is not[\s\S]*$/, '\n']] },
    tag: 'v0.1.0',
  },
  {
    date: '2026-02-09T09:00:00Z',
    message: 'fix: give a height at the very minute of a tide',
    files: ['src/tide.js'],
  },
  {
    date: '2026-02-10T09:00:00Z',
    message:
      'feat(cli)!: count the depth of the harbour from chart datum\n\nBREAKING CHANGE: --depth is 0 at chart datum, and negative in a harbour that dries.',
    files: ['docs/reference/options.md', 'docs/questions.md'],
  },
  {
    date: '2026-02-11T09:00:00Z',
    message: 'test: cover the height and the keel',
    files: ['test/tide.test.js'],
  },
  {
    date: '2026-02-12T09:00:00Z',
    message: 'docs: first steps, and how it works with its limits',
    files: ['README.md', 'docs'],
  },
  { date: '2026-02-13T09:00:00Z', message: 'chore: version 0.2.0', files: ['package.json'] },
  { date: '2026-02-13T10:00:00Z', message: 'Share the Abilities with everybody', files: ['.butler'] },
];

/** Makes the sample workspace in a folder that is empty or not there yet; answers its absolute path. */
export async function makeSampleWorkspace(folder) {
  const target = path.resolve(folder);
  await mkdir(target, { recursive: true });
  if ((await readdir(target)).length > 0) throw new Error(`${target} is not empty.`);
  const git = gitIn(target);
  await git(['init', '--quiet', '--initial-branch=main']);
  for (const commit of commits) {
    for (const file of commit.files) await bring(file, target, commit.earlier?.[file] ?? []);
    await git(['add', '--all']);
    await git(['commit', '--quiet', '--message', commit.message], commit.date);
    if (commit.tag) await git(['tag', commit.tag]);
  }
  return target;
}

async function bring(file, target, replacements) {
  await cp(path.join(source, file), path.join(target, file), { recursive: true });
  if (replacements.length === 0) return;
  const text = await readFile(path.join(target, file), 'utf8');
  const earlier = replacements.reduce((before, [from, to]) => before.replace(from, to), text);
  if (earlier === text) throw new Error(`${file} has no earlier form.`);
  await writeFile(path.join(target, file), earlier);
}

/** git with nothing of the machine's configuration, so that the same history comes out everywhere. */
function gitIn(cwd) {
  const who = { NAME: 'Virtual Butler', EMAIL: 'butler@example.invalid' };
  return (args, date) =>
    run('git', ['-c', 'core.autocrlf=false', '-c', 'core.fileMode=true', ...args], {
      cwd,
      env: {
        PATH: process.env.PATH,
        ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
        LC_ALL: 'C.UTF-8',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: devNull,
        GIT_TEMPLATE_DIR: '',
        GIT_AUTHOR_NAME: who.NAME,
        GIT_AUTHOR_EMAIL: who.EMAIL,
        GIT_COMMITTER_NAME: who.NAME,
        GIT_COMMITTER_EMAIL: who.EMAIL,
        ...(date ? { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } : {}),
      },
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('Usage: node examples/makeHistory.mjs <folder>');
    process.exit(2);
  }
  console.log(await makeSampleWorkspace(folder));
}
