import type { ProgramRule, ProgramTable } from './programRule.ts';

/** Where npm and its like fetch packages. */
export const npmHost = 'registry.npmjs.org';
const npmFiles = ['package.json', 'package-lock.json', 'node_modules'];

/** A task of the workspace's own `package.json`, with what is handed on to it behind `--`. */
const run: ProgramRule = {
  flags: 's --silent --if-present --workspaces --include-workspace-root',
  values: { '-w': 'name', '--workspace': 'name' },
  operands: ['name'],
  handsOn: 'dashes',
};
const asking = (flags = '', operands: ProgramRule['operands'] = ['name']): ProgramRule => ({
  flags,
  operands,
  hosts: [npmHost],
});

const npm: ProgramTable = {
  run,
  'run-script': run,
  test: run,
  t: run,
  start: run,
  stop: run,
  build: run,
  ls: { flags: 'a --all --json --long --prod --dev', values: { '--depth': 'text' }, operands: ['name'] },
  list: { flags: 'a --all --json --long', values: { '--depth': 'text' }, operands: ['name'] },
  why: { operands: ['name'] },
  explain: { operands: ['name'] },
  root: {},
  prefix: {},
  outdated: asking('--json --long --all'),
  audit: asking('--json --production --omit'),
  view: asking('--json'),
  info: asking('--json'),
  ping: asking(),
  install: installing(npmFiles),
  i: installing(npmFiles),
  add: installing(npmFiles),
  update: installing(npmFiles),
  uninstall: installing(npmFiles),
  remove: installing(npmFiles),
  ci: {
    flags: '--ignore-scripts --no-audit --no-fund --prefer-offline --silent',
    writes: ['node_modules'],
    hosts: [npmHost],
  },
};

/** Names of scripts that these programs run without `run`, and that are no words of their own. */
const scripts: ProgramTable = Object.fromEntries(
  ['lint', 'dev', 'typecheck', 'format', 'coverage', 'e2e', 'serve', 'preview', 'compile', 'unit'].map(
    (name) => [name, run] as const,
  ),
);

/** Programs that fetch packages, and run the tasks that a workspace describes. */
export const packagePrograms: ProgramTable = {
  npm: { flags: 's --silent', tasks: npm },
  pnpm: { flags: 's --silent r', tasks: { ...npm, ...scripts } },
  yarn: { flags: '--silent', tasks: { ...npm, ...scripts } },
  pip: python(),
  pip3: python(),
  uv: { tasks: { sync: { flags: '--frozen --quiet', writes: ['.venv', 'uv.lock'], hosts: pythonHosts() } } },
  poetry: {
    tasks: {
      check: {},
      show: { operands: ['name'] },
      install: { flags: '--no-root --sync', writes: ['poetry.lock'], hosts: pythonHosts() },
    },
  },
  cargo: {
    flags: 'q v --quiet --verbose --locked --offline --frozen',
    tasks: {
      ...Object.fromEntries(
        ['build', 'b', 'test', 't', 'check', 'c', 'run', 'r', 'clippy', 'bench', 'doc', 'clean'].map(
          (task) => [task, cargoTask()] as const,
        ),
      ),
      fmt: { flags: '--check --all', handsOn: 'dashes' },
      tree: { flags: 'd i e', operands: ['name'] },
      metadata: { flags: '--no-deps', values: { '--format-version': 'text' } },
      ...Object.fromEntries(
        ['add', 'update', 'fetch', 'remove'].map((task) => [
          task,
          {
            flags: '--dev --quiet',
            operands: ['package'],
            writes: ['Cargo.toml', 'Cargo.lock'],
            hosts: ['index.crates.io', 'static.crates.io'],
          } as const,
        ]),
      ),
    },
  },
  go: {
    tasks: {
      ...Object.fromEntries(
        ['build', 'test', 'vet', 'run', 'list', 'fmt', 'generate', 'clean'].map(
          (task) => [task, goTask()] as const,
        ),
      ),
      version: {},
      env: {
        operands: ['name'],
        judge: ({ operands }) => ({
          reasons: operands.some((one) => one.includes('=')) ? ['It changes how `go` works.'] : [],
        }),
      },
      mod: { operands: ['name'], writes: ['go.mod', 'go.sum'], hosts: goHosts() },
      get: {
        flags: 'u t',
        oneDash: true,
        operands: ['name'],
        writes: ['go.mod', 'go.sum'],
        hosts: goHosts(),
      },
    },
  },
};

function installing(writes: readonly string[]): ProgramRule {
  return {
    flags:
      'D S E O P --save --save-dev --save-exact --save-optional --no-save --legacy-peer-deps --force --ignore-scripts --no-audit --no-fund --prefer-offline --frozen-lockfile --production --silent',
    values: { '-w': 'name', '--workspace': 'name' },
    operands: ['package'],
    writes,
    hosts: [npmHost],
  };
}

function python(): ProgramRule {
  return {
    tasks: {
      install: {
        flags: 'U q --upgrade --quiet --user --no-deps --no-cache-dir --disable-pip-version-check',
        values: { '-r': 'read', '-e': 'script', '--requirement': 'read', '-c': 'read' },
        operands: ['package'],
        hosts: pythonHosts(),
      },
      list: { flags: '--outdated --format' },
      freeze: {},
      show: { flags: 'f', operands: ['name'] },
      check: {},
    },
  };
}

function pythonHosts(): string[] {
  return ['pypi.org', 'files.pythonhosted.org'];
}

function goHosts(): string[] {
  return ['proxy.golang.org', 'sum.golang.org'];
}

function cargoTask(): ProgramRule {
  return {
    flags:
      'q v r --quiet --verbose --release --all --workspace --all-targets --all-features --no-default-features --lib --bins --tests --examples --no-run --locked --offline --no-deps --open --fix --allow-dirty',
    values: {
      '-p': 'name',
      '--package': 'name',
      '--bin': 'name',
      '--example': 'name',
      '--test': 'name',
      '--features': 'text',
      '-F': 'text',
      '-j': 'text',
      '--exclude': 'name',
    },
    operands: ['name'],
    handsOn: 'dashes',
  };
}

function goTask(): ProgramRule {
  return {
    oneDash: true,
    flags: 'v race short cover x n a json failfast m',
    values: {
      '-run': 'text',
      '-count': 'text',
      '-bench': 'text',
      '-timeout': 'text',
      '-o': 'write',
      '-coverprofile': 'write',
      '-tags': 'text',
      '-p': 'text',
    },
    operands: ['name'],
    judge: ({ operands }) => ({
      reasons: operands.some((one) => one.includes('@')) ? ['It would fetch a program and run it.'] : [],
    }),
  };
}
