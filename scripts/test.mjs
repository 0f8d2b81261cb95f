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

const stages = {
  unit: {
    specs: [
      'test/architecture/**/*.test.ts',
      'test/run/**/*.test.ts',
      ...ours.map((at) => `${at}/**/*.test.ts`),
    ],
  },
  contracts: { before: [systemPackages, build], specs: ['test/contracts/**/*.test.ts'] },
  host: { before: [build], run: ['scripts/host/runHostTests.mjs'] },
  page: { before: [build], specs: ['test/page/**/*.test.ts'] },
  attacks: { before: [systemPackages, build], specs: ['test/attacks/**/*.test.ts'] },
  e2e: { before: [build], specs: ['test/page/**/*.test.ts', 'test/e2e/**/*.test.ts'] },
};
/** A test that goes on for so many ms hangs; how fast one is, no test says. */
const hang = '60000';
/** All stages: unit first, then those of each lane one after another, and the lanes side by side. */
const first = 'unit';
const lanes = [
  ['contracts', 'attacks'],
  ['host', 'e2e'],
];

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
  const code = (await runInTurn([first])) || prepare(lanes.flat());
  if (code !== 0) return code;
  if (os.availableParallelism() < 2) return runInTurn(lanes.flat());
  const all = { failed: false };
  const sheets = lanes.map(() => sheet());
  sheets[0].open();
  const codes = await Promise.all(
    lanes.map(async (names, index) => {
      const ended = await runLane(names, all, sheets[index]);
      sheets[index].end(() => sheets[index + 1]?.open());
      return ended;
    }),
  );
  return codes.find((ended) => ended !== 0) ?? 0;
}

async function runInTurn(names) {
  return prepare(names) || runLane(names, { failed: false }, null);
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

/** Runs stages one after another; once a stage of any lane failed, none begins. */
async function runLane(names, all, onto) {
  for (const name of names) {
    if (all.failed) return 0;
    tell(`\n== ${name}`, onto);
    const code = await runStage(stages[name], onto);
    if (code === 0) continue;
    all.failed = true;
    tell(`Stage ${name} failed.`, onto);
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
  const files = stage.specs.flatMap((spec) => globSync(spec, { cwd: root }).sort());
  if (files.length === 0) {
    tell(`No test file matches ${stage.specs.join(' ')}.`, onto);
    return 1;
  }
  const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', './test/run/countReporter.ts'];
  return node([...mocha, '--timeout', hang, ...options, ...files], onto);
}

async function node(args, onto) {
  const stdio = onto ? ['ignore', 'pipe', 'pipe'] : 'inherit';
  const child = spawn(process.execPath, args, { cwd: root, stdio });
  child.stdout?.on('data', (text) => onto.write(text));
  child.stderr?.on('data', (text) => onto.write(text));
  const [code] = await once(child, 'close');
  return code ?? 1;
}

/** What a lane says, held back until the lanes before it have said all. */
function sheet() {
  let isOpen = false;
  let held = [];
  let whenOpen = () => {};
  return {
    write: (text) => (isOpen ? process.stdout.write(text) : held.push(text)),
    open: () => {
      isOpen = true;
      for (const text of held) process.stdout.write(text);
      held = [];
      whenOpen();
    },
    /** Calls back once all of it was said. */
    end: (then) => {
      if (isOpen) then();
      else whenOpen = then;
    },
  };
}
