import assert from 'node:assert/strict';
import { proposed } from '../../server/protocol/callFold.ts';
import { failures } from '../../server/protocol/failure.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import { addPieces } from './overlay.ts';
import { queuedWords, undoableFrom } from './queue.ts';
import { layRows, type Row } from './rows.ts';

const base = { job: 'j1', time: 1000 };
const words = { text: 'Hello', ability: 'a', provider: null, images: [], steered: false };
const person: Turn = { kind: 'person', key: '1', ...base, ...words };
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
  usd: null,
});

const lay = (turns: readonly Turn[], jobs: Parameters<typeof layRows>[1], replaced = {}, forkedAt = 0) =>
  layRows({ turns, replaced }, jobs, forkedAt);

describe('layRows', () => {
  it('puts one heading over each voice of a job', () => {
    const rows = lay([person, answer('2', 2000, 5), answer('3', 3000, 5)], {});
    assert.deepEqual(
      rows.map((row) => row.heading),
      [true, true, false],
    );
  });

  it('sums usage and time under the last turn of an ended job only', () => {
    const turns = [person, answer('2', 2000, 5), answer('3', 3500, 7)];
    assert.ok(lay(turns, { j1: 'running' }).every((row) => row.footer === null));
    const footers = lay(turns, { j1: 'completed' }).map((row) => row.footer);
    assert.deepEqual(footers.slice(0, 2), [null, null]);
    assert.equal(footers[2]?.took, 2500);
    assert.deepEqual(footers[2]?.usage, { input: 20, output: 12, cacheRead: 2, cacheWrite: 0 });
  });

  it('adds what broke off, also where it is told by what came of it, and marks what is estimated', () => {
    const failure = failures.cut('A service');
    const usage = { input: 30, output: 4, cacheRead: 0, cacheWrite: 0, estimated: true } as const;
    const paid = { provider: 'p', model: 'm', usage, usd: 0.25 };
    const broken: Turn = { kind: 'attempt', key: '2', ...base, failure, provider: 'p', paid };
    const turns = [person, broken, { ...broken, key: '3', paid }, answer('4', 3000, 5)];
    const footer = lay(turns, { j1: 'completed' }).at(-1)?.footer;
    assert.deepEqual(footer?.usage, { ...usage, input: 70, output: 13, cacheRead: 1 });
    assert.deepEqual([footer?.usd, footer?.unpriced], [0.5, true]);
    assert.deepEqual(
      footer?.bills.map(({ key, model }) => [key, model]),
      [
        ['2', 'm'],
        ['3', 'm'],
        ['4', ''],
      ],
    );
  });

  it('tells that an answer was stopped once, with the end of the job', () => {
    const failure = failures.cancelled('The answer was stopped.');
    const usage = { input: 30, output: 4, cacheRead: 0, cacheWrite: 0 };
    const paid = { provider: 'p', model: 'm', usage, usd: 0.25 };
    const stopped: Turn = { kind: 'attempt', key: '2', ...base, failure, provider: 'p', paid };
    const rows = lay([person, stopped, { kind: 'aborted', key: '3', ...base }], { j1: 'aborted' });
    assert.deepEqual(
      rows.map(({ turn, footer }) => [turn.kind, footer?.usd]),
      [
        ['person', undefined],
        ['aborted', 0.25],
      ],
    );
  });

  it('puts what an ended job delivered at its end, and leaves it in its place while the job is at work', () => {
    const deliverable = {
      ...{ id: 'd', job: 'j1', session: 's', ability: 'a', type: 'website', title: 'Site' },
      ...{ files: [], metadata: {}, created: 0, published: null },
    };
    const card: Turn = { kind: 'deliverable', key: '3', ...base, deliverable, publications: [] };
    const turns = [person, answer('2', 2000, 5), card, answer('4', 3000, 5)];
    const kinds = (jobs: Parameters<typeof lay>[1]) => lay(turns, jobs).map((row) => row.turn.kind);
    assert.deepEqual(kinds({ j1: 'running' }), ['person', 'assistant', 'deliverable', 'assistant']);
    const rows = lay(turns, { j1: 'completed' });
    assert.deepEqual(kinds({ j1: 'completed' }), ['person', 'assistant', 'assistant', 'deliverable']);
    assert.notEqual(rows.at(-1)?.footer, null);
  });

  it('tells a failure once when the last attempt became the failure of the job', () => {
    const failure = failures.offline('No route.');
    const rows = lay(
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

describe('layRows of several jobs', () => {
  const of = (job: string, key: string, turn: Turn): Turn => ({ ...turn, job, key });
  const kinds = (rows: readonly Row[]) => rows.map(({ turn }) => `${turn.job} ${turn.kind}`);

  it('tells each job in one piece, and leaves what waits behind one at work to the queue', () => {
    const turns = [person, of('j2', '2', person), answer('3', 2000, 5), of('j3', '4', person)];
    const waiting = { j1: 'running', j2: 'queued', j3: 'queued' } as const;
    assert.deepEqual(kinds(lay(turns, waiting)), ['j1 person', 'j1 assistant']);
    assert.deepEqual(
      queuedWords({ turns, replaced: {} }, waiting).map(({ job }) => job),
      ['j2', 'j3'],
    );
    const next = { j1: 'completed', j2: 'queued', j3: 'queued' } as const;
    assert.deepEqual(kinds(lay(turns, next)), ['j1 person', 'j1 assistant', 'j2 person']);
  });

  it('folds what was replaced into one row, which says what can be taken back', () => {
    const call = { ...proposed({ kind: 'call', call: 'c', tool: 't', input: {} }, 0), undoable: true };
    const changing = { ...answer('2', 2000, 5), calls: [call] } as Turn;
    const turns = [person, changing, of('j2', '3', person), of('j3', '4', person)];
    const done = { j1: 'completed', j2: 'completed', j3: 'completed' } as const;
    const rows = lay(turns, done, { j1: 'j3', j2: 'j3' });
    assert.deepEqual(
      rows.map(({ turn, earlier }) => [turn.job, earlier?.length ?? 0]),
      [
        ['j1', 3],
        ['j3', 0],
      ],
    );
    assert.deepEqual(undoableFrom('j1', turns), ['j1']);
    assert.deepEqual(undoableFrom('j2', turns), []);
  });

  it('begins anew under a heading when the person speaks to the job at work', () => {
    const steered: Turn = { kind: 'person', key: '3', ...base, ...words, steered: true };
    const rows = lay([person, answer('2', 2000, 5), steered, answer('4', 3000, 5)], { j1: 'completed' });
    assert.deepEqual(
      rows.map((row) => row.heading),
      [true, true, true, true],
    );
    assert.equal(rows.at(-1)?.footer?.asked?.key, '1');
  });

  it('marks the end of what was said in the session that was forked', () => {
    const turns = [person, answer('2', 2000, 5), of('j2', '9', person)];
    const rows = lay(turns, { j1: 'completed', j2: 'running' }, {}, 7);
    assert.deepEqual(
      rows.map(({ forked }) => forked),
      ['yes', 'last', 'no'],
    );
  });

  it('adds up what has a price, and says that something has none', () => {
    const priced = { ...answer('2', 2000, 5), usd: 0.25 } as Turn;
    const footers = lay([person, priced, answer('3', 3000, 5)], { j1: 'completed' }).map((row) => row.footer);
    assert.deepEqual([footers.at(-1)?.usd, footers.at(-1)?.unpriced], [0.25, true]);
  });

  it('adds what its calls paid for pictures and the like', () => {
    const bought = { ...answer('2', 2000, 5), usd: 0.25, calls: [{ usd: 0.5 }, {}] } as unknown as Turn;
    const [sum] = lay([person, bought], { j1: 'completed' }).flatMap(({ footer }) => footer ?? []);
    assert.deepEqual([sum?.usd, sum?.unpriced], [0.75, false]);
    const unknown = { ...answer('2', 2000, 5), usd: 0.25, calls: [{ usd: null }] } as unknown as Turn;
    const [partly] = lay([person, unknown], { j1: 'completed' }).flatMap(({ footer }) => footer ?? []);
    assert.deepEqual([partly?.usd, partly?.unpriced], [0.25, true]);
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
