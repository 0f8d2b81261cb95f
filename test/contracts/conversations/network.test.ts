import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { abortJob } from '../../../server/core/jobs.ts';
import { steerJob } from '../../../server/core/steer.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import { until } from '../../support/stage.ts';
import { type ChainCrew, setChainCrew } from './chainCrew.ts';
import { says as saysScripted, scripted } from './crew.ts';
import { calls, hurrying, says } from './model.ts';

const list = calls(['list_files', { path: 'docs/reference' }]);
const person = 'person:test';

describe('a job that cannot reach the network', function () {
  this.timeout(60_000);
  let crew: ChainCrew<'model'>;
  const cutLine = () => crew.services.model.line.cut();
  const mendLine = () => crew.services.model.line.mend();
  const asked = () => crew.services.model.bodies.length;
  beforeEach(async () => {
    crew = await setChainCrew({ model: [list, says('Done.'), says('Done too.')] }, { provider: 'model' });
  });
  afterEach(() => crew.close());

  /** Hands a job over while the line is cut, and waits until it waits. */
  const cutOff = async (text = 'List the reference') => {
    await cutLine();
    const job = await crew.hand(text);
    await crew.saw(job, 'network.awaited');
    return job;
  };
  const stateOf = async (id: string) => {
    const job = await crew.stage.butler.store.job(id);
    return { state: job?.state, offline: job?.offline };
  };

  it('waits for it, shows so, and goes on when it is back', async () => {
    crew.start();
    const job = await cutOff();
    assert.deepEqual(await stateOf(job.id), { state: 'running', offline: true });
    await mendLine();
    assert.equal((await hurrying(crew.stage, job, 6_000)).state, 'completed');
    assert.deepEqual(await stateOf(job.id), { state: 'completed', offline: false });
    assert.deepEqual(await crew.states('model'), ['offline', 'online']);
    await crew.golden('networkReturned', job);
  });

  it('asks nothing of a service that is still out of reach, however long it takes', async () => {
    crew.start();
    const job = await cutOff();
    for (let look = 0; look < 20; look++) {
      crew.stage.wait(60_000);
      await setTimeout(10);
    }
    assert.equal((await stateOf(job.id)).state, 'running');
    assert.equal(await crew.count(job, 'network.returned'), 0);
    assert.equal((await crew.entries(job, 'attempt.failed')).length, 2);
    await mendLine();
    assert.equal((await hurrying(crew.stage, job, 60_000)).state, 'completed');
  });

  it('is put to the person after three real tries in vain', async () => {
    crew.start();
    const job = await cutOff();
    await crew.services.model.line.jam();
    const { state, failure } = await hurrying(crew.stage, job, 60_000);
    assert.deepEqual([state, failure?.kind], ['failed', 'offline']);
    const waits = await crew.entries(job, 'network.awaited');
    assert.deepEqual(
      waits.map(({ data }) => data.tries),
      [0, 1, 2],
    );
    assert.equal(await crew.count(job, 'network.returned'), 3);
    assert.equal((await stateOf(job.id)).offline, false);
    await crew.services.model.line.mend();
    const again = await crew.hand('Once more', job.session);
    assert.equal((await crew.stage.end(again)).state, 'completed');
  });

  it('goes on at once when another job reached the same service, and when the person says something', async () => {
    crew.start();
    const job = await cutOff();
    await mendLine();
    assert.ok((await steerJob(crew.stage.butler, { id: job.id, text: 'And be quick' }, person)).ok);
    assert.equal((await crew.stage.end(job)).state, 'completed');
    assert.match(crew.services.model.bodies[0] ?? '', /And be quick/);
    const next = await cutOff('Once more');
    await mendLine();
    const connection = { state: 'online', since: 0 } as const;
    const data = { provider: 'another', connection };
    await crew.stage.butler.store.append([
      { stream: adminStream, type: 'connection.changed', actor: 'worker', data },
    ]);
    assert.equal((await crew.stage.end(next)).state, 'completed');
  });

  it('stops at once when it is aborted', async () => {
    crew.start();
    const job = await cutOff();
    assert.ok((await abortJob(crew.stage.butler, job.id, person)).ok);
    assert.equal((await crew.stage.end(job)).state, 'aborted');
    assert.equal((await stateOf(job.id)).offline, false);
    assert.equal(asked(), 0);
  });

  it('ends when its provider was removed meanwhile', async () => {
    const providers = [crew.services.model.provider];
    crew.start({ providers: () => providers });
    const job = await cutOff();
    providers.pop();
    const { state, failure } = await hurrying(crew.stage, job, 60_000);
    assert.deepEqual([state, failure?.what], ['failed', 'There is no provider "model".']);
    assert.equal((await stateOf(job.id)).offline, false);
  });

  it('keeps its place: the next job of its session waits for it, and other sessions go on', async () => {
    const { provider } = scripted(saysScripted('No network needed.'));
    const { provider: service } = crew.services.model;
    crew.start({ providers: () => [provider, service] });
    const jobs = [await cutOff(), await cutOff(), await cutOff(), await cutOff()] as const;
    const later = await crew.hand('And then this', jobs[0].session);
    const other = await crew.stage.hand('butler', 'Work offline');
    assert.equal((await crew.stage.end(other)).state, 'completed');
    assert.equal((await stateOf(later.id)).state, 'queued');
    for (const { id } of jobs) assert.ok((await abortJob(crew.stage.butler, id, person)).ok);
    await mendLine();
    assert.equal((await crew.stage.end(later)).state, 'completed');
  });

  it('goes on waiting under another worker, which notes no second wait', async () => {
    const first = crew.start();
    const job = await cutOff();
    await crew.loses(first);
    crew.start();
    await crew.saw(job, 'job.recovered');
    crew.stage.wait(30_000);
    assert.equal(await crew.count(job, 'network.awaited'), 1);
    await mendLine();
    assert.equal((await hurrying(crew.stage, job, 6_000)).state, 'completed');
    assert.equal(await crew.count(job, 'network.awaited'), 1);
    await until(crew.stage.butler, async () => ((await stateOf(job.id)).offline ? null : true));
  });

  it('asks so too where its provider was set up with a dearer model while the same worker waited', async () => {
    let { provider } = crew.services.model;
    crew.start({ providers: () => [provider] });
    const job = await cutOff();
    provider = { ...provider, models: ['claude-fable-5-1'] };
    await mendLine();
    crew.stage.wait(6_000);
    const question = await crew.stage.question(job);
    assert.match(question.title, /claude-fable-5-1: \$10 in/);
    assert.equal(asked(), 0);
    await crew.stage.decide(question, 'approve');
    assert.equal((await crew.stage.end(job)).state, 'completed');
  });

  for (const decision of ['approve', 'deny'] as const) {
    it(`asks before it goes on at another price than it was begun at; ${decision}`, async () => {
      const first = crew.start();
      const job = await cutOff();
      await crew.loses(first);
      const [wait] = await crew.entries(job, 'network.awaited');
      assert.match(wait?.data.price ?? '', /^\$[\d.]+ in, \$[\d.]+ out per million tokens$/);
      assert.ok(wait);
      const { stream, type, actor, data } = wait;
      const price = '$1 in, $2 out per million tokens';
      await crew.stage.butler.store.append([{ stream, job: job.id, type, actor, data: { ...data, price } }]);
      await mendLine();
      crew.start();
      const question = await crew.stage.question(job);
      assert.equal(asked(), 0);
      await crew.stage.decide(question, decision);
      const { state, failure } = await crew.stage.end(job);
      assert.deepEqual(
        [state, failure?.kind],
        decision === 'approve' ? ['completed', undefined] : ['failed', 'denied'],
      );
    });
  }
});
