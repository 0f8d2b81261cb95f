import assert from 'node:assert/strict';
import { mostRepeats } from '../../../server/core/repetition.ts';
import type { Entry } from '../../../server/protocol/journal.ts';
import type { Stage } from '../providers/listen.ts';
import { diligent, type Outcome, pageFile, setTrials, type Trials } from './trial.ts';
import { type Mind, voices } from './voices.ts';

const read = (from: number) => ({ tool: 'read_file', input: { path: pageFile, from } });

for (const voice of voices) {
  describe(`a model of ${voice.name} that does not do as it should`, () => {
    let trials: Trials;
    let service: Stage;
    before(async () => {
      trials = await setTrials();
    });
    after(() => trials.close());
    afterEach(() => service.close());

    const run = async (mind: Mind, limits?: Parameters<Trials['run']>[1]) => {
      service = await voice.open(mind);
      return trials.run([service.provider], limits);
    };

    it('is told that a tool does not exist, and goes on', async () => {
      const outcome = await run((sent) => {
        return sent.includes('There is no tool') ? diligent(sent) : { tool: 'no_such_tool', input: {} };
      });
      isDone(outcome, ['unknown']);
    });

    it('is told what is wrong with the input of a tool, and goes on', async () => {
      const outcome = await run((sent) => {
        const answer = diligent(sent);
        const wrong = 'tool' in answer && answer.tool === 'write_line' && !sent.includes('write_line.line');
        return wrong ? { ...answer, input: { line: 7 } } : answer;
      });
      isDone(outcome, ['invalid']);
    });

    it('is told that it asks the same again and again, and may go on', async () => {
      const outcome = await run((sent) => {
        return sent.includes('with the same result') ? diligent(sent) : read(1);
      });
      isDone(outcome, ['repeated']);
      assert.equal(executions(outcome, 'read_file'), mostRepeats);
    });

    for (const [what, mind] of [
      ['asks the same without end', () => read(1)],
      ['asks something else without end', counting()],
    ] as const) {
      it(`is stopped at the limit of the job when it ${what}`, async () => {
        const { job, entries, lines } = await run(mind, { rounds: 12 });
        assert.deepEqual([job.state, job.failure?.kind], ['failed', 'denied']);
        assert.match(job.failure?.what ?? '', /12 rounds/);
        assert.equal(entries.filter(({ type }) => type === 'message.added').length, 12);
        assert.deepEqual(lines, []);
        assert.ok(callsOf(entries).every(({ ended }) => ended));
      });
    }
  });
}

/** Asks for another line each time that it is asked. */
function counting(): Mind {
  let asked = 0;
  return () => read(++asked);
}

/** The job is done as if nothing had been, but for the calls that were refused, each with its reason. */
function isDone({ job, entries, lines }: Outcome, reasons: readonly string[]): void {
  assert.equal(job.state, 'completed');
  assert.deepEqual(lines, ['once']);
  const refused = entries.flatMap((entry) => (entry.type === 'call.refused' ? [entry.data.reason] : []));
  assert.deepEqual(refused, reasons);
  assert.ok(callsOf(entries).every(({ ended }) => ended));
}

function executions({ entries }: Outcome, tool: string): number {
  return entries.filter((entry) => entry.type === 'execution.started' && entry.data.tool === tool).length;
}

/** Every call of a job, and whether it has exactly one end. */
function callsOf(entries: readonly Entry[]): { call: string; ended: boolean }[] {
  const asked = entries.flatMap((entry) => {
    if (entry.type !== 'message.added') return [];
    const { parts } = entry.body as { parts: { kind: string; call: string }[] };
    return parts.flatMap(({ kind, call }) => (kind === 'call' ? [call] : []));
  });
  const ends = entries.flatMap((entry) =>
    entry.type === 'execution.finished' || entry.type === 'call.refused' ? [entry.data.call] : [],
  );
  return asked.map((call) => ({ call, ended: ends.filter((one) => one === call).length === 1 }));
}
