import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createYouTube } from '../../../server/adapters/targets/youtube.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import type { Butler } from '../../../server/main/compose.ts';
import { answer } from '../../../server/main/handlers.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import type { ParamsOf, Request, ResultOf } from '../../../server/protocol/message.ts';
import * as target from '../../../server/protocol/target.ts';
import { client, type GoogleSignIn, prepareGoogle } from '../../servers/googleSignIn.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import type { YouTubeServer } from '../../servers/youtubeState.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { addressesAt } from '../targets/youtubeGround.ts';

describe('setting targets up', function () {
  this.timeout(60_000);

  let home: string;
  let stage: Stage;
  let service: YouTubeServer;
  let google: GoogleSignIn;
  let butler: Butler;
  let visits: string[];
  const config = { madeForKids: false };
  const chosen = { type: 'youtube', config };
  const values = { ...client };

  beforeEach(async () => {
    service = await startYouTube();
    service.open = true;
    google = await prepareGoogle(false);
    home = await mkdtemp(path.join(tmpdir(), 'butler-targets-'));
    stage = await setStage({ serve: false, home, workspace: home });
    visits = [];
    const ours = createYouTube(addressesAt(service.url, { signIn: google.place })) as Target;
    butler = {
      ...stage.butler,
      targets: stage.butler.targets.map((one) => (one.name === 'youtube' ? ours : one)),
      openInBrowser: async (url) => {
        visits.push(url);
        await google.visit(url);
      },
    };
  });
  afterEach(async () => {
    await stage.close();
    await rm(home, { recursive: true, force: true });
    await google[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const send = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>, signal?: AbortSignal) =>
    (await answer(butler, message.method, params, 'person:test', signal)) as Outcome<ResultOf<M>>;
  const must = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>): Promise<ResultOf<M>> => {
    const outcome = await send(message, params);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  };
  const fault = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>) => {
    const outcome = await send(message, params);
    return outcome.ok ? 'done' : (outcome.failure.field ?? outcome.failure.kind);
  };
  const entries = async () =>
    (await stage.butler.store.entries({ after: 0, limit: 1000, bodies: true })).entries;

  it('lists each target with the fields of its config, and no account before one is connected', async () => {
    const { targets, accounts } = await must(target.listTargets, {});
    assert.deepEqual(accounts, []);
    assert.ok(targets.some(({ name }) => name === 'local') && targets.some(({ name }) => name === 'youtube'));
    for (const { config: schema } of targets) assert.ok(Object.keys(schema as object).includes('properties'));
  });

  it('says which account a config needs, and none where it needs none', async () => {
    const { account, connected } = await must(target.readTargetAccount, chosen);
    assert.deepEqual([account?.signIn, connected], [true, false]);
    assert.match(account?.id ?? '', /^youtube .*127\.0\.0\.1/);
    const local = await must(target.readTargetAccount, { type: 'local', config: {} });
    assert.deepEqual(local, { account: null, connected: true });
    const other = await must(target.readTargetAccount, {
      ...chosen,
      config: { ...config, channel: '@other' },
    });
    assert.notEqual(other.account?.id, account?.id);
  });

  it('names what is wrong: the target, a field of its config, a field of its account', async () => {
    assert.equal(await fault(target.readTargetAccount, { type: 'nowhere', config: {} }), 'type');
    assert.equal(await fault(target.checkTarget, { type: 'youtube', config: {} }), 'config.madeForKids');
    assert.equal(await fault(target.connectTarget, { ...chosen, values: { clientId: '  ' } }), 'values');
    assert.equal(
      await fault(target.connectTarget, { ...chosen, values: { ...values, endpoint: 'x' } }),
      'values',
    );
    assert.equal(await fault(target.signInTarget, { ...chosen, values: {} }), 'values');
    assert.equal(await fault(target.connectTarget, { type: 'local', config: {}, values: {} }), 'type');
    assert.equal(await fault(target.signInTarget, { type: 's3', config: {}, values: {} }), 'config.bucket');
    assert.equal(await fault(target.disconnectTarget, { account: 'youtube of somebody' }), 'id');
    assert.equal(await fault(target.checkTarget, { ...chosen, workspace: '/elsewhere' }), 'workspace');
    assert.deepEqual([visits, service.log], [[], []]);
  });

  it('asks nothing of the network for an account that was never connected', async () => {
    const { findings } = await must(target.checkTarget, chosen);
    assert.deepEqual([findings[0]?.good, findings.length], [false, 1]);
    assert.ok(findings[0]?.mend);
    assert.deepEqual(service.log, []);
  });

  it('signs in with the browser, checks, signs in again without asking anew, and forgets all', async () => {
    assert.equal(await fault(target.signInTarget, { ...chosen, values: { clientId: '' } }), 'values');
    const { where } = await must(target.signInTarget, { ...chosen, values });
    assert.ok(where.length > 0);
    const { accounts } = await must(target.listTargets, {});
    assert.deepEqual(accounts[0]?.fields.toSorted(), ['clientSecret', 'refreshToken']);
    assert.deepEqual(accounts[0]?.shown, { clientId: values.clientId });
    assert.equal((await must(target.readTargetAccount, chosen)).connected, true);
    const { findings } = await must(target.checkTarget, chosen);
    assert.ok(findings.length > 1 && findings.every(({ good }) => good), JSON.stringify(findings));
    await must(target.signInTarget, { ...chosen, values: {} });
    assert.equal(visits.length, 2);
    const account = accounts[0]?.id ?? '';
    const kept = await stage.butler.credential(account);
    await must(target.disconnectTarget, { account });
    assert.equal((await must(target.readTargetAccount, chosen)).connected, false);
    assert.equal(await stage.butler.secrets.get(`target.${account}.refreshToken`), null);
    assert.equal(await fault(target.disconnectTarget, { account }), 'id');
    const journal = JSON.stringify(await entries());
    for (const secret of [kept?.refreshToken, kept?.clientSecret])
      assert.ok(secret && !journal.includes(secret), 'no secret stands in the journal');
    assert.match(journal, /target\.connected.*target\.disconnected/);
  });

  it('keeps nothing of a sign-in to another channel than the one that is meant', async () => {
    const outcome = await send(target.signInTarget, {
      ...chosen,
      config: { ...config, channel: '@kitchen' },
      values,
    });
    assert.ok(!outcome.ok && /Garden.*not for @kitchen/.test(outcome.failure.what), JSON.stringify(outcome));
    assert.deepEqual((await must(target.listTargets, {})).accounts, []);
    await must(target.signInTarget, { ...chosen, config: { ...config, channel: '@Garden' }, values });
  });

  it('stops waiting for the browser when the request is cancelled', async () => {
    const stop = new AbortController();
    butler = { ...butler, openInBrowser: async () => stop.abort() };
    const outcome = await send(target.signInTarget, { ...chosen, values }, stop.signal);
    assert.equal(outcome.ok ? 'done' : outcome.failure.kind, 'cancelled');
    butler = { ...butler, openInBrowser: stage.butler.openInBrowser };
    assert.equal(await fault(target.signInTarget, { ...chosen, values }), 'tool', 'no browser here');
    assert.deepEqual((await must(target.listTargets, {})).accounts, []);
  });

  it('replaces what was connected, and forgets fields that are no longer given', async () => {
    await must(target.connectTarget, { ...chosen, values: { ...values, refreshToken: 'refresh-one' } });
    const { accounts } = await must(target.listTargets, {});
    const account = accounts[0]?.id ?? '';
    await must(target.connectTarget, {
      ...chosen,
      values: { clientId: 'other', refreshToken: 'refresh-two' },
    });
    assert.deepEqual(await stage.butler.credential(account), {
      clientId: 'other',
      refreshToken: 'refresh-two',
    });
    assert.equal(await stage.butler.secrets.get(`target.${account}.clientSecret`), null);
    const { findings } = await must(target.checkTarget, chosen);
    assert.equal(findings[0]?.good, false, 'a token that nobody gave');
  });
});
