import assert from 'node:assert/strict';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { isEnded } from '../../../server/core/jobStates.ts';
import { connect } from '../../../server/core/targets.ts';
import { undoJob } from '../../../server/core/undo.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { killCount } from '../../support/killCount.ts';
import { killedChild, momentAt, playUntilDead } from '../../support/killedChild.ts';
import { until } from '../../support/stage.ts';
import { type Crew, setCrew } from '../conversations/crew.ts';
import type { Goods, Place } from './place.ts';
import { places } from './places.ts';

const butler = path.join(import.meta.dirname, '../../../dist/butler.mjs');
const kills = killCount(1);

describe('a worker that is killed while its job publishes', function () {
  this.timeout(60_000 + kills * 20_000);
  let crew: Crew;
  let place: Place | null = null;
  beforeEach(async () => {
    crew = await setCrew();
  });
  afterEach(async () => {
    await crew.close();
    await place?.close();
    place = null;
  });

  for (const [name, { open, rare }] of Object.entries(places)) {
    it(`leaves one that ends it: it stands there once, and undo leaves what was there before (${name})`, async function () {
      if (rare && kills === 1) skipBecause(this, `${rare}; BUTLER_KILLS=2 plays it too`);
      place = await open(crew);
      const job = await settle(place);
      const before = await place.stands();
      const lived = await command(job);
      assert.equal(lived?.code, 0, lived?.words);
      const whole = await place.stands();
      assert.notDeepEqual(whole, before);
      const livedOn = kills > 1 ? await undo() : null;
      assert.ok(!livedOn?.code, livedOn?.words);
      await takeBack();
      assert.deepEqual(await place.stands(), before);
      const acts = lived?.laps[0] ?? 0;
      await playUntilDead(kills, async (share) => {
        const known = (await jobs()).length;
        await command(job, momentAt(acts, share));
        if ((await jobs()).length === known) return false;
        const died = await isCutOff();
        await finish();
        assert.deepEqual(await place?.stands(), whole, `at ${share}`);
        if (livedOn) await undo(momentAt(livedOn.laps[0] ?? 0, Math.random()));
        await takeBack();
        assert.deepEqual(await place?.stands(), before, `at ${share}`);
        return died;
      });
      assert.equal((await crew.stage.butler.store.verify()).state, 'clean');
    });
  }

  /** Connects the account and makes an Ability that publishes there; answers the words that have a job done by it. */
  async function settle({ target, values, goods = website }: Place): Promise<readonly string[]> {
    const connected = values && (await connect(crew.stage.butler, { ...target, values }, 'person:test'));
    assert.ok(connected === null || connected.ok, JSON.stringify(connected));
    const { deliverable } = goods;
    const draft = AbilityDraft.parse({ name: 'Far away', provider: 'offline', deliverable, target });
    const made = await createAbility(crew.stage.butler, { draft }, 'person:test');
    assert.ok(made.ok, JSON.stringify(made));
    return goods.words(crew, made.value.id);
  }

  /** Has the last job taken back by a worker in a process of its own, which dies at a moment where one is given. */
  const undo = async (moment?: number) => command(['undo', (await last()).id], moment);

  /** Has a worker do what is said likewise. */
  function command(words: readonly string[], moment?: number) {
    const { workspace, home } = crew.stage;
    const args = ['--json', '--workspace', workspace, ...words];
    const environment = {
      BUTLER_HOME: home,
      BUTLER_KEYCHAIN: 'off',
      BUTLER_DOOM_OF: place?.folder ?? 'lines',
      ...place?.environment,
    };
    return killedChild(butler, args, moment, environment);
  }

  const jobs = () => crew.stage.butler.store.jobs({ limit: 1000 });

  async function last(): Promise<Job> {
    const all = await jobs();
    const [job] = all.toSorted((one, two) => two.created - one.created);
    assert.ok(job);
    return job;
  }

  /** Whether the last job died after it began to publish and before it knew that it had. */
  async function isCutOff(): Promise<boolean> {
    const done = await crew.stage.butler.store.executions((await last()).id);
    return done.some(({ tool, state }) => tool === 'publish' && state === 'started');
  }

  /** The next worker ends the last job, whatever it asks is approved. */
  async function finish(): Promise<void> {
    const { stage } = crew;
    const { store } = stage.butler;
    const job = await last();
    crew.work(stage.butler.worker);
    const ended = await until(stage.butler, async () => {
      for (const { approval } of await store.pendingApprovals(job.id))
        await stage.decide(approval, 'approve');
      const now = await store.job(job.id);
      return now && isEnded(now.state) ? now : null;
    });
    await crew.dismiss();
    assert.equal(ended.state, 'completed', JSON.stringify(ended.failure));
    assert.equal(await crew.count(job, 'deliverable.published'), 1);
  }

  /** Takes the last job back; where one that died had done so already, there is nothing left of it. */
  async function takeBack(): Promise<void> {
    const undone = await undoJob(crew.stage.butler, { id: (await last()).id }, 'person:test');
    if (undone.ok) assert.deepEqual(undone.value.conflicts, []);
    else assert.match(undone.failure.what, /nothing/);
  }
});

/** The website that the offline playbook makes of the workspace. */
const website: Goods = {
  deliverable: 'website',
  words: async (_crew, ability) => ['run', '--yes', ability, '/site'],
};
