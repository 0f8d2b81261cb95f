import assert from 'node:assert/strict';
import type { Ability } from '../../../server/protocol/ability.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { cut, refuse, stream } from '../providers/wire.ts';
import { type ChainCrew, setChainCrew } from './chainCrew.ts';
import { calls, hurrying, type Line, replies, says } from './model.ts';

const list = calls(['list_files', { path: 'docs' }]);
const done = says('Done.');
const limited: Line = replies(refuse(429, 'rate_limit_error', 'Slow down', { 'retry-after': '240' }));
const noKey: Line = replies(refuse(401, 'authentication_error', 'invalid x-api-key'));
const refusal: Line = replies(stream(a.start(), ...a.text(0, 'I'), ...a.end('refusal')));
const times = (count: number, line: Line): Line[] => Array.from({ length: count }, () => line);

describe('a job whose provider does not answer', function () {
  this.timeout(60_000);
  let crew: ChainCrew<'first' | 'second'>;
  const set = async (
    first: readonly Line[],
    second: readonly Line[],
    change: Partial<Ability> & { settings?: object; local?: readonly ('first' | 'second')[] } = {},
  ) => {
    const fallbacks = [{ provider: 'second', model: '' }];
    crew = await setChainCrew({ first, second }, { fallbacks, ...change, provider: 'first' });
    crew.start();
  };
  const asked = () => [crew.services.first.bodies.length, crew.services.second.bodies.length];
  afterEach(() => crew.close());

  it('goes on with the next of its chain, stays there while it works, and says so', async () => {
    await set([noKey], [list, done]);
    const job = await crew.hand('List the docs');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    assert.deepEqual(asked(), [1, 2]);
    const said = await crew.entries(job, 'message.added');
    assert.deepEqual(
      said.map(({ data }) => data.provider),
      ['second', 'second'],
    );
    assert.deepEqual(await crew.states('first'), ['login']);
    assert.deepEqual(await crew.states('second'), ['online']);
    await crew.golden('fallback', job);
  });

  it('is left alone by the next jobs until it may have recovered, and then has its jobs again', async () => {
    await set([limited, says('I am back.')], [says('One.'), says('Two.')]);
    const first = await crew.hand('Say one');
    await crew.stage.end(first);
    const second = await crew.hand('Say two', first.session);
    await crew.stage.end(second);
    assert.deepEqual(asked(), [1, 2]);
    assert.equal((await crew.entries(second, 'provider.switched')).length, 1);
    crew.stage.wait(5 * 60_000);
    const third = await crew.hand('Say three', first.session);
    assert.equal((await crew.stage.end(third)).state, 'completed');
    assert.deepEqual(await crew.states('first'), ['limited', 'online']);
    await crew.golden('coolDown', first);
  });

  it('keeps nothing of a half answer when another gives the whole one', async () => {
    const half = replies(cut(a.start(), ...a.text(0, 'Half an ans').slice(0, 2)));
    await set(times(4, half), [says('A whole answer.')]);
    const job = await crew.hand('Answer');
    assert.equal((await hurrying(crew.stage, job)).state, 'completed');
    await crew.golden('halfThenWhole', job);
  });

  it('does not shop around for an answer that was refused', async () => {
    await set([refusal], [done]);
    const job = await crew.hand('Answer');
    assert.equal((await crew.stage.end(job)).failure?.kind, 'refused');
    assert.deepEqual(asked(), [1, 0]);
  });

  it('tells the failure of its own provider when no other answers either', async () => {
    await set([noKey], [replies(refuse(404, 'not_found_error', 'no such model'))]);
    const job = await crew.hand('Answer');
    const { failure } = await crew.stage.end(job);
    assert.equal(failure?.kind, 'auth');
    assert.deepEqual(asked(), [1, 1]);
    assert.equal((await crew.entries(job, 'attempt.failed')).length, 2);
  });

  it('does not leave this machine without consent, not even when nothing else is left', async () => {
    await set([noKey], [done], { local: ['first'], origin: 'workspace' });
    const job = await crew.hand('Keep it here');
    assert.equal((await crew.stage.end(job)).state, 'failed');
    assert.deepEqual(asked(), [1, 0]);
  });

  it('leaves this machine with the consent of the person', async () => {
    await set([noKey], [done], { local: ['first'], settings: { cloudFallback: true } });
    const job = await crew.hand('Go where you must');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    assert.deepEqual(asked(), [1, 1]);
  });

  it('has the chain of the settings where its Ability has none', async () => {
    await set([noKey], [done], {
      fallbacks: undefined,
      settings: { fallbacks: [{ provider: 'second', model: 'claude-haiku-5-5' }] },
    });
    const job = await crew.hand('Answer');
    assert.equal((await crew.stage.end(job)).state, 'completed');
    const [said] = await crew.entries(job, 'message.added');
    assert.equal(said?.data.model, 'claude-haiku-5-5');
  });
});
