import { looksSecret } from '../policy/protections.ts';
import { isWholeFolder } from './paths.ts';
import type { Judged, Means, ProgramRule, ProgramTable, ReadArguments } from './programRule.ts';

const shell: ProgramRule = { flags: 'e u x', operands: ['script'], least: 1, handsOn: 'first' };
const script: ProgramRule = { operands: ['script'], least: 1, handsOn: 'first' };
const quietly = 'q v s --quiet --verbose --silent';

/** Programs that run code of the workspace: from a file or a task of it, never from a word or their input. */
export const codePrograms: ProgramTable = {
  bash: shell,
  sh: shell,
  dash: shell,
  zsh: shell,
  ksh: shell,
  node: {
    flags:
      '--test --watch --check --enable-source-maps --no-warnings --experimental-strip-types --experimental-test-coverage --trace-warnings --expose-gc --max-old-space-size',
    values: {
      '-c': 'script',
      '--test-name-pattern': 'text',
      '--test-reporter': 'name',
    },
    operands: ['script'],
    handsOn: 'first',
    judge: ({ operands, options }) => needsFile(operands.length > 0 || has(options, '--test', '-c')),
  },
  tsx: script,
  'ts-node': script,
  bun: {
    tasks: {
      test: { flags: '--watch --coverage', operands: ['name'] },
      run: { operands: ['name'], least: 1, handsOn: 'first' },
    },
  },
  deno: {
    tasks: {
      test: { flags: '--allow-read --no-check --quiet', operands: ['script'] },
      check: { operands: ['script'], least: 1 },
      lint: { operands: ['script'] },
      fmt: { flags: '--check', operands: ['script'], judge: rewritesUnless('--check') },
      task: { operands: ['name'], least: 1, handsOn: 'first' },
    },
  },
  python: python(),
  python3: python(),
  ruby: { flags: 'w', operands: ['script'], least: 1, handsOn: 'first' },
  perl: { flags: 'w', operands: ['script'], least: 1, handsOn: 'first' },
  php: {
    values: { '-l': 'read' },
    operands: ['script'],
    handsOn: 'first',
    judge: ({ operands, options }) => needsFile(operands.length > 0 || has(options, '-l')),
  },
  lua: script,
  java: {
    oneDash: true,
    flags: '-version',
    values: { '-jar': 'script' },
    operands: ['script'],
    least: 0,
    handsOn: 'first',
    judge: ({ operands, options }) =>
      needsFile(operands.length > 0 || has(options, '-jar', '-version', '--version')),
  },
  pytest: {
    flags: `x l s v q vv --verbose --quiet --lf --ff --co --collect-only --exitfirst --no-header --cov --tb --durations --maxfail --color`,
    values: { '-k': 'text', '-m': 'text', '-n': 'text' },
    operands: ['text'],
    judge: ({ operands }) => ({
      means: operands.map((one): [Means, string] => ['script', one.replace(/::.*$/, '')]),
    }),
  },
  mypy: { flags: '--strict --ignore-missing-imports --no-incremental', operands: ['script'] },
  ruff: {
    tasks: {
      check: {
        flags: '--fix --quiet -q --statistics',
        values: { '--select': 'text', '--ignore': 'text' },
        operands: ['script'],
        judge: rewritesWith('--fix'),
      },
      format: {
        flags: '--check --diff --quiet',
        operands: ['script'],
        judge: rewritesUnless('--check', '--diff'),
      },
    },
  },
  black: {
    flags: 'q v --check --diff --quiet',
    values: { '-l': 'text' },
    operands: ['script'],
    judge: rewritesUnless('--check', '--diff'),
  },
  flake8: {
    flags: '--count --statistics',
    values: { '--select': 'text', '--max-line-length': 'text' },
    operands: ['script'],
  },
  tsc: {
    flags:
      'b p w v --noEmit --build --watch --version --pretty --skipLibCheck --strict --incremental --listFiles --force --verbose --clean --emitDeclarationOnly --declaration --showConfig',
    values: { '-p': 'script', '--project': 'script' },
    operands: ['script'],
  },
  eslint: {
    flags: '--fix --cache --quiet --no-color --color --report-unused-disable-directives',
    values: { '--ext': 'text', '--max-warnings': 'text', '--format': 'name', '-f': 'name' },
    operands: ['text'],
    judge: stays,
  },
  prettier: {
    flags: 'c w l u --check --write --list-different --ignore-unknown --cache',
    operands: ['text'],
    judge: stays,
  },
  biome: {
    tasks: Object.fromEntries(
      ['check', 'lint', 'format', 'ci'].map((task) => [
        task,
        {
          flags: '--write --fix --unsafe --error-on-warnings',
          operands: ['script'],
          judge: rewritesWith('--write', '--fix'),
        } as const,
      ]),
    ),
  },
  jest: testing(
    '--coverage --watchAll --ci --runInBand --verbose --silent --passWithNoTests --bail --no-coverage -i -u',
    '-t',
  ),
  vitest: {
    ...testing('--coverage --run --silent -u', '-t'),
    values: { '-t': 'text', '--reporter': 'name' },
  },
  mocha: testing('--exit --bail --parallel', '-g --grep --timeout'),
  playwright: { tasks: { test: testing('--headed --ui --debug', '-g --grep --project --workers') } },
  make: {
    flags: 'k s n B w i --silent --dry-run --always-make --keep-going',
    values: { '-j': 'text', '-C': 'script', '-f': 'script', '-l': 'text' },
    operands: ['name'],
    judge: ({ options }) => ({
      reasons: options.some(({ name, value }) => name === '-j' && !/^\d+$/.test(value ?? ''))
        ? ['It is not known what `-j` is given.']
        : [],
    }),
  },
  just: { operands: ['name'] },
  task: { operands: ['name'] },
  rake: { operands: ['name'] },
  mvn: {
    flags: 'q o B U e --quiet --offline --batch-mode',
    operands: ['name'],
    judge: ({ operands }) => ({
      reasons: operands.some((one) => one.includes(':'))
        ? ['It names a plug-in of `mvn`, which may run anything.']
        : [],
    }),
  },
  gradle: { flags: `${quietly} --info --stacktrace --no-daemon --offline`, operands: ['name'] },
  ninja: { flags: 'v n k', values: { '-C': 'script', '-j': 'text' }, operands: ['name'] },
  cmake: {
    values: { '-S': 'script', '-B': 'write', '--build': 'script', '-j': 'text', '--target': 'name' },
    operands: ['script'],
  },
  dotnet: {
    tasks: Object.fromEntries(
      ['build', 'test', 'run', 'format', 'clean'].map((task) => [
        task,
        {
          flags: '--no-restore --no-build --nologo',
          values: { '-c': 'name', '--configuration': 'name', '--filter': 'text' },
          operands: ['script'],
        } as const,
      ]),
    ),
  },
};

function testing(flags: string, valued: string): ProgramRule {
  const values = Object.fromEntries(valued.split(' ').map((name) => [name, 'text'] as const));
  return { flags, values, operands: ['text'], judge: stays };
}

function python(): ProgramRule {
  return {
    flags: 'u B O s E I V --version',
    operands: ['script'],
    least: 1,
    handsOn: 'first',
  };
}

function has(options: ReadArguments['options'], ...names: string[]): boolean {
  return options.some(({ name }) => names.includes(name));
}

function needsFile(isThere: boolean): Judged {
  return isThere ? {} : { reasons: ['Without a file it runs what it is given as input.'] };
}

/** Patterns of files that the program itself resolves stay in the workspace; files that it changes are told. */
function stays({ operands, options }: ReadArguments): Judged {
  const leaves = operands.some((one) => /^([/~]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(one));
  const changes = has(options, '--fix', '--write', '-w', '-u', '--unsafe');
  const files = changes ? rewritten(operands) : [];
  return {
    means: [
      ...files.map((file): [Means, string] => ['change', file]),
      ...operands.filter(looksSecret).map((file): [Means, string] => ['read', file]),
    ],
    reasons: leaves ? ['It names files outside the folder that it runs in.'] : [],
  };
}

/** Files that it changes in place where any of these options says so. */
function rewritesWith(...names: string[]) {
  return ({ operands, options }: ReadArguments): Judged =>
    has(options, ...names) ? { means: rewritten(operands).map((file) => ['change', file]) } : {};
}

/** Files that it changes in place where none of these options says that it only looks. */
function rewritesUnless(...names: string[]) {
  return ({ operands, options }: ReadArguments): Judged =>
    has(options, ...names) ? {} : { means: rewritten(operands).map((file) => ['change', file]) };
}

/** What is named of them, of a pattern the folder before it; what lies in a whole folder only a sandbox can guard. */
function rewritten(operands: readonly string[]): string[] {
  return operands.map((one) => one.replace(/[^/]*[*?[{!].*$/, '')).filter((one) => !isWholeFolder(one));
}
