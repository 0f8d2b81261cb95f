import assert from 'node:assert/strict';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { refuse, stream } from '../providers/wire.ts';
import { type ChainCrew, setChainCrew } from './chainCrew.ts';
import { type Line, replies, says } from './model.ts';

const unfit = replies(
  refuse(400, 'invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block'),
);
/** Thinks, and lists a folder. */
const thinks: Line = ({ messages }) =>
  stream(
    a.start(),
    ...a.thoughts(0, 'EqQBCgIYAhIM', 'Where is it?'),
    ...a.call(1, `toolu_${messages.length}`, 'list_files', '{"path":"docs"}'),
    ...a.end('tool_use'),
  );

describe('a provider that does not take back what it thought before', () => {
  let crew: ChainCrew<'model'>;
  const set = async (...script: Line[]) => {
    crew = await setChainCrew({ model: script }, { provider: 'model' });
    crew.start();
  };
  const thoughts = () =>
    crew.services.model.bodies.map((body) => body.match(/"type":"thinking"/g)?.length ?? 0);
  afterEach(() => crew.close());

  it('is asked again without that, and given back only what it thinks from then on', async () => {
    await set(thinks, unfit, thinks, says('Done.'));
    const job = await crew.hand('List the docs');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    assert.deepEqual(thoughts(), [0, 1, 0, 1]);
    const attempts = await crew.entries(job, 'attempt.failed');
    assert.deepEqual(
      attempts.map(({ data }) => [data.failure.kind, data.again]),
      [['invalid', true]],
    );
  });

  it('is not told that again by later rounds, nor by the next job of the session', async () => {
    await set(thinks, unfit, thinks, thinks, says('Done.'), thinks, says('Done again.'));
    const job = await crew.hand('List the docs');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    const next = await crew.hand('List them again', job.session);
    assert.equal((await crew.stage.end(next)).state, 'completed');
    assert.deepEqual(thoughts(), [0, 1, 0, 1, 2, 2, 3]);
  });

  it('is asked but once where nothing that it thought is told', async () => {
    await set(thinks, unfit, unfit, says('Done.'));
    const job = await crew.hand('List the docs');
    assert.equal((await crew.stage.end(job)).failure?.kind, 'invalid');
    assert.deepEqual(thoughts(), [0, 1, 0]);
  });
});
