import assert from 'node:assert/strict';
import type { Provider, ProviderRequest } from '../../../server/core/ports/provider.ts';
import { defaultBudget } from '../../../server/protocol/cost.ts';
import { failures } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import { defaultSettings, type Settings } from '../../../server/protocol/settings.ts';
import { until } from '../../support/stage.ts';
import { crewOfEachTest } from './crew.ts';
import { isRouting, playing, routes, type Team, teamAbility, words } from './team.ts';

const usage = { input: 900, output: 100, cacheRead: 0, cacheWrite: 0 };
const fast = { provider: 'anthropic', model: 'swift' };
const toMail: Team = { route: routes(['email', '']), work: () => words('Done.'), usage };

describe('the choice of a specialist', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const save = async (change: Partial<Settings>) => {
    const data = { settings: { ...defaultSettings, ...change } };
    await stage.butler.store.append([
      { stream: adminStream, type: 'settings.saved', actor: 'person:test', data },
    ]);
  };
  const work = (...providers: readonly Provider[]) => void crew.work('one', { providers: () => providers });
  const inTheCloud = (team: Team) => playing(team, { name: 'anthropic', kind: 'anthropic', local: false });

  it('is made by the fast model where that is allowed, and by the own one where it does not answer', async () => {
    const [own, other] = [playing(toMail), inTheCloud(toMail)];
    work(own.provider, other.provider);
    const ability = await teamAbility(stage);
    await save({ fast, cloudFallback: true });
    await stage.end(await stage.hand(ability, 'Draft a mail'));
    assert.deepEqual([own, other].map(whatFor), [['work'], ['choice']]);
    assert.equal(other.asked[0]?.model, 'swift');

    await crew.dismiss();
    const failing: Provider = {
      ...other.provider,
      async *stream() {
        yield { kind: 'failed', failure: failures.auth('Anthropic') };
      },
    };
    work(own.provider, failing);
    const job = await stage.end(await stage.hand(ability, 'Draft another mail'));
    assert.deepEqual([job.state, job.agent], ['completed', 'email']);
    assert.deepEqual(whatFor(own), ['work', 'choice', 'work']);
  });

  it('is nobody but the Ability itself where no model answers it', async () => {
    const own = playing({ ...toMail, route: () => assert.fail('it is broken') });
    work(own.provider);
    const job = await stage.end(await stage.hand(await teamAbility(stage), 'Draft a mail'));
    assert.deepEqual([job.state, job.agent], ['completed', 'general']);
    assert.deepEqual(whatFor(own), ['choice', 'work']);
  });

  it('does not take a job from this machine into the cloud without consent', async () => {
    const [own, other] = [playing(toMail), inTheCloud(toMail)];
    work(own.provider, other.provider);
    await teamAbility(stage, { name: 'Cloud', provider: 'anthropic', prompt: 'In the cloud.' });
    const ability = await teamAbility(stage, { agents: ['cloud', 'email'] });
    await save({ fast });
    await stage.end(await stage.hand(ability, 'Draft a mail'));
    assert.deepEqual([own, other].map(whatFor), [['choice', 'work'], []]);
    assert.doesNotMatch(own.asked[0]?.system ?? '', /- cloud:/);
  });

  it('counts with what the job spends', async () => {
    work(playing(toMail).provider);
    const job = await stage.end(await stage.hand(await teamAbility(stage), 'Draft a mail'));
    assert.equal(job.cost.tokens, 2_000);
    await stage.butler.store.rebuild();
    assert.equal((await stage.butler.store.job(job.id))?.cost.tokens, 2_000);
  });

  it('is made once for a job, with the jobs before it in few words', async () => {
    const own = playing(toMail);
    work(own.provider);
    const first = await stage.end(await stage.hand(await teamAbility(stage), 'Draft a mail to Ada'));
    await stage.end(await stage.hand('', 'And one to Grace', first.session));
    assert.deepEqual(whatFor(own), ['choice', 'work', 'choice', 'work']);
    assert.deepEqual(own.asked[2]?.messages, [
      { role: 'user', text: 'Jobs before it:\n- Draft a mail to Ada\n\nThe job:\nAnd one to Grace' },
    ]);
    assert.equal(own.asked[0]?.system, own.asked[2]?.system);
  });

  it('is not asked for where the offline provider runs playbooks', async () => {
    work(...stage.butler.providers());
    const ability = await teamAbility(stage, { provider: 'offline' });
    const job = await stage.end(await stage.hand(ability, 'Hello'));
    assert.deepEqual([job.state, job.agent], ['completed', null]);
  });

  it('leaves the limits of the job to hold for all specialists together', async () => {
    const several = routes(['project', 'One.'], ['email', 'Two.']);
    const own = playing({ ...toMail, route: several });
    work(own.provider);
    await save({ budget: { ...defaultBudget, job: { ...defaultBudget.job, tokens: 1_500 } } });
    const job = await stage.hand(await teamAbility(stage), 'Do both');
    const second = await until(
      stage.butler,
      async () => (await stage.butler.store.children(job.id))[1] ?? null,
    );
    const question = await stage.question(second as Job);
    assert.match(question.title, /^Go on with this job, up to 3,000 tokens$/);
    assert.deepEqual(whatFor(own), ['choice', 'work']);
    await stage.decide(question, 'approve');
    const end = await stage.end(job);
    assert.equal(end.state, 'completed');
    assert.equal((await stage.butler.store.spent({ job: job.id })).tokens, 4_000);
  });

  it('tightens the limits of a specialist by those of the job, and never widens them', async () => {
    const several = routes(['project', 'One.'], ['helper', 'Two.']);
    work(playing({ ...toMail, route: several }).provider);
    await teamAbility(stage, { name: 'Helper', limits: { tokens: 1e9, rounds: 100 } });
    const ability = await teamAbility(stage, { agents: ['project', 'helper'], limits: { rounds: 2 } });
    const job = await stage.hand(ability, 'Do both');
    const second = await until(
      stage.butler,
      async () => (await stage.butler.store.children(job.id))[1] ?? null,
    );
    assert.match((await stage.question(second as Job)).title, /up to 4 rounds$/);
  });
});

function whatFor({ asked }: { asked: readonly ProviderRequest[] }): string[] {
  return asked.map((request) => (isRouting(request) ? 'choice' : 'work'));
}
