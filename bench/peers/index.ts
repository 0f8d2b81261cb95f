// `npm run bench:peers`: plays the same script against other agents and ours, each in a room of its own, and compares.
// Options: --install <agent,…|all>, --only <agent,…>, --scenes <scene,…>, --reps <number>, --json, --write (into
// docs/performance.md), --built (measure what lies in dist).
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../stage.ts';
import type { Agent } from './agent.ts';
import { agents } from './agents/index.ts';
import { install, installedIn, installedVersion, installLine } from './installation.ts';
import { isolate } from './isolation.ts';
import { leadsOver } from './leads.ts';
import { measure, type Take } from './measure.ts';
import { openModel } from './model/openModel.ts';
import { descendantsOf, kill } from './processTree.ts';
import { headingOf, writeReport } from './report.ts';
import { scenes } from './scenes/index.ts';
import { summaryOf } from './summary.ts';
import { tablesOf, textOf } from './tables.ts';

const root = path.join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    install: { type: 'string' },
    only: { type: 'string' },
    scenes: { type: 'string' },
    reps: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
});
if (values.install) {
  const failed = chosen(agents, values.install === 'all' ? undefined : values.install).filter(
    (agent) => agent.release && !install(installedIn(root, agent), agent.release),
  );
  for (const { name } of failed) console.error(`${name} could not be installed; see above.`);
  process.exit(failed.length === 0 ? 0 : 1);
}

const wanted = chosen(agents, values.only);
const played = chosen(scenes, values.scenes);
const times = values.reps === undefined ? null : Number(values.reps);
if (times !== null && !(times >= 1)) {
  console.error('--reps takes a number from 1 on.');
  process.exit(2);
}
const isolation = await isolate();
if (isolation === 'none') console.error('This system cannot cut the agents off from the network.');
if ((loadavg()[0] ?? 0) > 0.5) console.error('The machine is busy; figures will be worse than they are.');
if (!values.built) await build(root);
const missing = wanted.filter((agent) => releaseOf(agent) === null);
for (const { name } of missing) console.error(`${name} is skipped; to install it: ${installLine([name])}`);
const present = wanted.filter((agent) => !missing.includes(agent));

const folder = mkdtempSync(path.join(tmpdir(), 'butler-peers-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => {
  for (const pid of descendantsOf(process.pid, new Set())) kill(pid);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const model = await openModel();
const records: Take[] = [];
await measure({
  agents: present,
  scenes: played,
  times,
  house: { root, folder, model: model.url },
  model,
  record: (one) => {
    records.push(one);
    if (values.json) console.log(JSON.stringify({ ...one, release: releaseOf(find(one.agent)) }));
    console.error(
      `${one.agent} ${one.scene} ${one.take}${one.finished ? '' : `: not finished; ${one.said}`}`,
    );
  },
});
await model.close();

const summaries = present.map((agent) => summaryOf(agent.name, releaseOf(agent) ?? '', records));
const tables = tablesOf(summaries);
const leads = leadsOver('butler', summaries);
if (!values.json) console.log(`\n${[...tables.map(textOf), ...leads].join('\n\n')}`);
if (values.write) {
  const day = new Date().toISOString().slice(0, 10);
  const skipped = missing.map(({ name }) => name);
  const heading = headingOf(day, isolation, skipped);
  writeReport(path.join(root, 'docs/performance.md'), { heading, tables, leads });
}

/** The release that is measured; `null` where it is not installed. */
function releaseOf(agent: Agent): string | null {
  return agent.release ? installedVersion(installedIn(root, agent), agent.release) : 'this';
}

function find(name: string): Agent {
  const agent = agents.find((one) => one.name === name);
  if (!agent) throw new Error(`There is no agent "${name}".`);
  return agent;
}

/** Those named, or all; a name that is none of them ends the program. */
function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  names: string | undefined,
): readonly T[] {
  const asked = names?.split(',');
  const unknown = asked?.filter((name) => !all.some((one) => one.name === name)) ?? [];
  if (unknown.length === 0) return all.filter((one) => !asked || asked.includes(one.name));
  console.error(`There is no ${unknown.join(', ')}; there are: ${all.map((one) => one.name).join(', ')}.`);
  process.exit(2);
}
