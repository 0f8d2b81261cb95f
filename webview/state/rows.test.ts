import assert from 'node:assert/strict';
import { failures } from '../../server/protocol/failure.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import { addPieces } from './overlay.ts';
import { layRows } from './rows.ts';

const base = { job: 'j1', time: 1000 };
const person: Turn = { kind: 'person', key: '1', ...base, text: 'Hello', ability: 'a', provider: null };
const answer = (key: string, time: number, output: number): Turn => ({
  kind: 'assistant',
  key,
  job: 'j1',
  time,
  parts: [{ kind: 'text', text: 'Hi' }],
  calls: [],
  provider: 'offline',
  model: '',
  stop: 'end',
  usage: { input: 10, output, cacheRead: 1, cacheWrite: 0 },
});

describe('layRows', () => {
  it('puts one heading over each voice of a job', () => {
    const rows = layRows([person, answer('2', 2000, 5), answer('3', 3000, 5)], {});
    assert.deepEqual(
      rows.map((row) => row.heading),
      [true, true, false],
    );
  });

  it('sums usage and time under the last turn of an ended job only', () => {
    const turns = [person, answer('2', 2000, 5), answer('3', 3500, 7)];
    assert.ok(layRows(turns, { j1: 'running' }).every((row) => row.footer === null));
    const footers = layRows(turns, { j1: 'completed' }).map((row) => row.footer);
    assert.deepEqual(footers.slice(0, 2), [null, null]);
    assert.equal(footers[2]?.took, 2500);
    assert.deepEqual(footers[2]?.usage, { input: 20, output: 12, cacheRead: 2, cacheWrite: 0 });
  });

  it('puts what an ended job delivered at its end, and leaves it in its place while the job is at work', () => {
    const deliverable = {
      ...{ id: 'd', job: 'j1', session: 's', ability: 'a', type: 'website', title: 'Site' },
      ...{ files: [], metadata: {}, created: 0, published: null },
    };
    const card: Turn = { kind: 'deliverable', key: '3', ...base, deliverable };
    const turns = [person, answer('2', 2000, 5), card, answer('4', 3000, 5)];
    const kinds = (jobs: Parameters<typeof layRows>[1]) => layRows(turns, jobs).map((row) => row.turn.kind);
    assert.deepEqual(kinds({ j1: 'running' }), ['person', 'assistant', 'deliverable', 'assistant']);
    const rows = layRows(turns, { j1: 'completed' });
    assert.deepEqual(kinds({ j1: 'completed' }), ['person', 'assistant', 'assistant', 'deliverable']);
    assert.notEqual(rows.at(-1)?.footer, null);
  });

  it('tells a failure once when the last attempt became the failure of the job', () => {
    const failure = failures.offline('No route.');
    const rows = layRows(
      [
        person,
        { kind: 'attempt', key: '2', ...base, failure, provider: 'anthropic' },
        { kind: 'failure', key: '3', ...base, failure },
      ],
      { j1: 'failed' },
    );
    assert.deepEqual(
      rows.map((row) => [row.turn.kind, row.at]),
      [
        ['person', 0],
        ['failure', 2],
      ],
    );
  });
});

describe('addPieces', () => {
  it('drops what came before a restart', () => {
    const overlay = addPieces({}, [
      { job: 'j', kind: 'thinking', text: 'hm' },
      { job: 'j', kind: 'text', text: 'half an ans' },
      { job: 'j', kind: 'restart', text: '' },
      { job: 'j', kind: 'text', text: 'A ' },
      { job: 'j', kind: 'text', text: 'whole one' },
    ]);
    assert.deepEqual(overlay, { j: { text: 'A whole one', thinking: '', tool: null } });
  });
});
