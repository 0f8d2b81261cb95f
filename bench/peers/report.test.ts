import assert from 'node:assert/strict';
import { agents } from './agents/index.ts';
import { leadsOver } from './leads.ts';
import type { Take } from './measure.ts';
import { withReport } from './report.ts';
import { summaryOf } from './summary.ts';
import { markdownOf, tablesOf } from './tables.ts';

const take = (agent: string, scene: string, figures: Take['figures'], finished = true): Take => ({
  agent,
  take: 1,
  scene,
  finished,
  figures,
  rounds: [1, 2, 3],
  said: '',
});

describe('the report', () => {
  const takes = [
    take('one', 'hello', { firstRequest: 100, firstBytes: 4000 }),
    take('one', 'hello', { firstRequest: 300, firstBytes: 4000 }),
    take('one', 'hello', { firstRequest: 200, firstBytes: 4000 }),
    take('one', 'cutInText', { recovery: 250, lost: 0, doubled: 0 }),
    take('two', 'hello', { firstRequest: 150, firstBytes: 9000 }),
    take('two', 'rounds500', {}, false),
    take('two', 'cutInText', { recovery: 10, lost: 0, doubled: 1 }),
    take('two', 'cutInText', { recovery: 10, lost: 1, doubled: 0 }, false),
  ];
  const summaries = ['one', 'two'].map((agent) => summaryOf(agent, '1.0.0', takes));
  const tables = tablesOf(summaries);
  const cell = (title: string, row: number, column: string) => {
    const table = tables.find((one) => one.title === title);
    return table?.rows[row]?.[table.head.indexOf(column)];
  };

  it('gives medians over all takes, and a dash for what was not measured', () => {
    assert.equal(cell('Speed', 0, 'start to first request, ms'), '200');
    assert.equal(cell('Size', 0, 'over 500 rounds, MB'), '–');
  });

  it('says what was not finished and what was done twice', () => {
    assert.equal(cell('Faults', 1, 'cut in text'), '10, not finished 1 of 2, **doubled 1 of 2**');
    assert.equal(cell('Speed', 1, 'over 500: median / p95'), 'not finished 1 of 1');
  });

  it('says where another leads, and takes nothing for a lead that was done twice', () => {
    assert.deepEqual(leadsOver('one', summaries), ['Start to first request, ms: two 150; one 200.']);
  });

  it('stands between the marks of a document and touches nothing else of it', () => {
    const marks = ['<!-- peers: written by npm run bench:peers -->', '<!-- peers: end -->'];
    const document = `Before.\n${marks[0]}\nold\n${marks[1]}\nAfter.\n`;
    const written = withReport(document, { heading: 'Today.', tables, leads: [] });
    assert.ok(written.startsWith(`Before.\n${marks[0]}\n\nToday.`));
    assert.ok(written.endsWith(`${marks[1]}\nAfter.\n`));
    assert.ok(written.includes(markdownOf(tables[0] ?? { title: '', head: [], rows: [] })));
    assert.ok(!written.includes('old'));
    assert.throws(() => withReport('No marks.', { heading: '', tables, leads: [] }));
  });
});

describe('the agents', () => {
  it('have names of their own, and releases that are pinned', () => {
    assert.equal(new Set(agents.map(({ name }) => name)).size, agents.length);
    for (const { name, release } of agents) {
      if (release) assert.match(release.version, /^\d+\.\d+\.\d+$/, name);
    }
  });
});
