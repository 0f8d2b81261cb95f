// `npm run bench`: measures what DESIGN promises and holds each figure against its budget and its floor.
// Options: --json (one line a row), --only <family,…>, --full (the large sizes that DESIGN names).
import { parseArgs } from 'node:util';
import type { Family } from './family.ts';
import { type Row, tableOf } from './row.ts';
import { claims } from './rows/claims.ts';
import { commands } from './rows/commands.ts';
import { editor } from './rows/editor.ts';
import { ends } from './rows/ends.ts';
import { journal } from './rows/journal.ts';
import { resume } from './rows/resume.ts';
import { rounds } from './rows/rounds.ts';
import { size } from './rows/size.ts';
import { startup } from './rows/startup.ts';
import { targets } from './rows/targets.ts';
import { openStage } from './stage.ts';

/** Everything that is measured, in the order of the report. */
const families: readonly Family[] = [
  startup,
  rounds,
  resume,
  ends,
  journal,
  claims,
  commands,
  targets,
  size,
  editor,
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    full: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',');
const chosen = families.filter((family) => !wanted || wanted.includes(family.name));
if (chosen.length === 0) {
  console.error(`--only takes some of: ${families.map((family) => family.name).join(', ')}`);
  process.exit(2);
}

const stage = await openStage(values.full);
const rows: Row[] = [];
const notes: string[] = [];
try {
  for (const family of chosen) {
    console.error(`measuring ${family.name} …`);
    const found = await measured(family);
    rows.push(...found);
    if (values.json) for (const row of found) console.log(JSON.stringify(row));
  }
} finally {
  stage.close();
}
if (!values.json) console.log(`\n${tableOf(rows)}`);
for (const note of notes) console.error(`not measured: ${note}`);
process.exit(rows.every((row) => row.ok) ? 0 : 1);

/** Rows of a family; one that breaks is a row of its own that is over its budget. */
async function measured(family: Family): Promise<Row[]> {
  try {
    return await family.measure(stage, (note) => notes.push(note));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    notes.push(`${family.name}: ${what}`);
    const broken = { value: 0, unit: '', floor: null, ratio: null, budget: 'must be measured', ok: false };
    return [{ name: family.name, ...broken }];
  }
}
