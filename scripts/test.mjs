// Runs the test stages: `node scripts/test.mjs <stage|all> [mocha options]`. Where one fails, no further one begins.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const ours = ['server', 'extension', 'webview', 'bench'];
const build = ['esbuild.mjs'];
const systemPackages = ['scripts/systemPackages.mjs'];
const contractsOf = (...folders) => folders.map((at) => `test/contracts/${at}/**/*.test.ts`);
const jobs = contractsOf('cli', 'conversations', 'crash');
const targets = contractsOf('targets', 'deliverables', 'signIn');

const stages = {
  unit: {
    specs: [
      'test/architecture/**/*.test.ts',
      'test/run/**/*.test.ts',
      ...ours.map((at) => `${at}/**/*.test.ts`),
    ],
  },
  contracts: { before: [systemPackages, build], specs: ['test/contracts/**/*.test.ts'] },
  /** The contracts in parts, which wait more than they work. */
  'contracts:jobs': { before: [systemPackages, build], specs: jobs },
  'contracts:targets': { before: [systemPackages, build], specs: targets },
  'contracts:ports': {
    before: [systemPackages, build],
    specs: contractsOf('*'),
    without: [...jobs, ...targets],
  },
  host: { before: [systemPackages, build], editor: true, run: ['scripts/host/runHostTests.mjs'] },
  page: { before: [build], editor: true, specs: ['test/page/**/*.test.ts'] },
  attacks: { before: [systemPackages, build], editor: true, specs: ['test/attacks/**/*.test.ts'] },
  e2e: { before: [build], specs: ['test/page/**/*.test.ts', 'test/e2e/**/*.test.ts'] },
  /** What `e2e` has besides the page by itself. */
  screen: { before: [systemPackages, build], editor: true, specs: ['test/e2e/**/*.test.ts'] },
};
/** A test that goes on for so many ms hangs; how fast one is, no test says. */
const hang = '60000';
/** All stages: unit first; the others, the longest way first, are begun in turn as one of the runners is free. */
const first = 'unit';
const others = [
  ...['contracts:targets', 'contracts:ports', 'contracts:jobs'],
  ...['host', 'screen', 'page', 'attacks'],
];
/** How many characters of a failed stage's end are said again. */
const lengthOfEnd = 8000;
const runners = os.availableParallelism() < 2 ? 1 : 4;

const [wanted = 'all', ...options] = process.argv.slice(2);
takeCorpus(options);
if (wanted !== 'all' && !(wanted in stages)) {
  console.error(`There is no stage "${wanted}"; there are: ${Object.keys(stages).join(', ')}, all.`);
  process.exit(2);
}
process.exitCode = await (wanted === 'all' ? runAll() : runInTurn([wanted]));

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

async function runAll() {
  if (runners === 1) return runInTurn([first, ...others]);
  const prepared = prepare(others);
  if (prepared !== 0) return prepared;
  const editor = installEditor();
  const code = await runInTurn([first]);
  if (code !== 0) return code;
  const queue = { names: [...others], failed: false, editor };
  const sheets = Array.from({ length: runners }, (_, index) => sheet(index === 0));
  const codes = await Promise.all(sheets.map((onto) => runFrom(queue, onto)));
  // Other stages went on below what a failed one said; whoever reads only the end is to see it too.
  for (const [index, onto] of sheets.entries())
    if (codes[index] !== 0) console.log(`\n== Again, the end of what failed:\n${onto.last()}`);
  return codes.find((ended) => ended !== 0) ?? 0;
}

async function runInTurn(names) {
  return prepare(names) || runFrom({ names: [...names], failed: false, editor: null }, null);
}

/** Begins to set up the VS Code of the tests, which takes a while; stages that need it wait for its end. */
async function installEditor() {
  const said = sheet(false);
  const code = await node(['scripts/host/install.mjs'], said);
  said.end();
  return code;
}

/** Each command that stages need before they begin, once. */
function prepare(names) {
  const commands = new Set(names.flatMap((name) => stages[name].before ?? []));
  for (const command of commands) {
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

/** Runs the stages of a queue one after another; once a stage failed, none begins. */
async function runFrom(queue, onto) {
  while (!queue.failed && queue.names.length > 0) {
    const name = queue.names.shift();
    tell(`\n== ${name}`, onto);
    const lacking = stages[name].editor ? await queue.editor : 0;
    const code = lacking || (await runStage(stages[name], onto));
    if (code !== 0) tell(`Stage ${name} failed.`, onto);
    onto?.end();
    if (code === 0) continue;
    queue.failed = true;
    return code;
  }
  return 0;
}

function tell(line, onto) {
  if (onto) onto.write(`${line}\n`);
  else console.log(line);
}

async function runStage(stage, onto) {
  if (stage.run) return node([...stage.run, ...options], onto);
  const filesOf = (specs) => specs.flatMap((spec) => globSync(spec, { cwd: root }).sort());
  const left = new Set(filesOf(stage.without ?? []));
  const files = filesOf(stage.specs).filter((file) => !left.has(file));
  if (files.length === 0) {
    tell(`No test file matches ${stage.specs.join(' ')}.`, onto);
    return 1;
  }
  const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', './test/run/countReporter.ts'];
  // A stage ends with its last test, whatever a library of the tests left open.
  return node([...mocha, '--exit', '--timeout', hang, ...options, ...files], onto);
}

async function node(args, onto) {
  const stdio = onto ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(process.execPath, args, { cwd: root, stdio });
  for (const said of [child.stdout, child.stderr]) said?.setEncoding('utf8').on('data', onto.write);
  const [code] = await once(child, 'close');
  return code ?? 1;
}

/** What a runner says, by whole lines: at once, or a stage at a time, so that no stage is torn apart by another. */
function sheet(atOnce) {
  let held = '';
  let last = '';
  const say = (end) => {
    process.stdout.write(held.slice(0, end));
    held = held.slice(end);
  };
  return {
    write: (text) => {
      held += text;
      last = (last + text).slice(-lengthOfEnd);
      if (atOnce) say(held.lastIndexOf('\n') + 1);
    },
    end: () => say(held.length),
    last: () => last,
  };
}
