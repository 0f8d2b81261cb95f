// Runs the test stages: `node scripts/test.mjs <stage|all> [mocha options]`. The first stage that fails ends the run.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const ours = ['server', 'extension', 'webview', 'bench'];

const stages = {
  unit: {
    specs: [
      'test/architecture/**/*.test.ts',
      'test/run/**/*.test.ts',
      ...ours.map((at) => `${at}/**/*.test.ts`),
    ],
  },
  contracts: {
    before: [['scripts/systemPackages.mjs'], ['esbuild.mjs']],
    specs: ['test/contracts/**/*.test.ts'],
  },
  host: { run: ['scripts/host/runHostTests.mjs'] },
  page: { before: [['esbuild.mjs']], specs: ['test/page/**/*.test.ts'] },
  attacks: {
    before: [['scripts/systemPackages.mjs'], ['esbuild.mjs']],
    specs: ['test/attacks/**/*.test.ts'],
  },
  e2e: { before: [['esbuild.mjs']], specs: ['test/page/**/*.test.ts', 'test/e2e/**/*.test.ts'] },
};
/** A test that goes on for so many ms hangs; how fast one is, no test says. */
const hang = '60000';
const order = ['unit', 'contracts', 'attacks', 'host', 'e2e'];

const [wanted = 'all', ...options] = process.argv.slice(2);
takeCorpus(options);
if (wanted !== 'all' && !(wanted in stages)) {
  console.error(`There is no stage "${wanted}"; there are: ${Object.keys(stages).join(', ')}, all.`);
  process.exit(2);
}
for (const name of wanted === 'all' ? order : [wanted]) {
  console.log(`\n== ${name}`);
  const code = runStage(stages[name], options);
  if (code !== 0) {
    console.error(`Stage ${name} failed.`);
    process.exit(code);
  }
}

/** `--corpus FILE` adds cases from outside to the attacks; it is no option of mocha's. */
function takeCorpus(given) {
  const at = given.indexOf('--corpus');
  if (at < 0) return;
  const [, file] = given.splice(at, 2);
  if (!file || !existsSync(file)) {
    console.error(`--corpus wants a file of cases, one JSON object a line; "${file ?? ''}" is none.`);
    process.exit(2);
  }
  process.env.BUTLER_CORPUS = path.resolve(file);
}

function runStage(stage, given) {
  for (const command of stage.before ?? []) {
    const code = node(command);
    if (code !== 0) return code;
  }
  if (stage.run) return node([...stage.run, ...given]);
  const files = stage.specs.flatMap((spec) => globSync(spec, { cwd: root }).sort());
  if (files.length === 0) {
    console.error(`No test file matches ${stage.specs.join(' ')}.`);
    return 1;
  }
  const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', './test/run/countReporter.ts'];
  return node([...mocha, '--timeout', hang, ...given, ...files]);
}

function node(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}
