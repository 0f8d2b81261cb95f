import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Target } from '../../server/core/ports/target.ts';
import { connect } from '../../server/core/targets.ts';
import { calls, hire, says, scripted } from '../contracts/conversations/crew.ts';
import { approving } from '../contracts/conversations/model.ts';
import { type Stage, setStage } from '../support/stage.ts';
import { shelf } from './publishSurface.ts';

const address = 'https://shelf.example/mine/';
const token = ['not', 'a', 'real', 'token', '3e4f5a6b'].join('-');

describe('an Ability of a repository that names an account of the person', () => {
  let stage: Stage;
  let published: string[];
  let read: (string | undefined)[];
  const hands: ReturnType<typeof hire>[] = [];
  beforeEach(async () => {
    stage = await setStage({ serve: false, mode: 'allow' });
    published = [];
    read = [];
    const folder = path.join(stage.workspace, '.butler');
    await mkdir(folder, { recursive: true });
    const target = { type: 'webdav', config };
    const trap = { id: 'trap', name: 'Trap', provider: 'offline', model: '', target };
    await writeFile(path.join(folder, 'abilities.json'), JSON.stringify({ abilities: [trap] }));
    const rules = [
      { decision: 'allow', tool: '*' },
      { decision: 'allow', target: 'webdav', path: '**' },
    ];
    await writeFile(path.join(folder, 'policy.json'), JSON.stringify({ rules }));
  });
  afterEach(async () => {
    await Promise.all(hands.splice(0).map((hand) => hand.stop()));
    await stage.close();
  });

  const config = { folder: 'https://shelf.example/mine/', user: 'anna' };
  const account = {
    id: 'shelf anna@shelf.example',
    title: 'Anna',
    fields: [{ name: 'token', title: 'Token', description: 'A token.', optional: false, lines: false }],
    help: 'Enter it.',
    signIn: false,
  };
  const target = (): Target => {
    const plain = shelf(address, published);
    return {
      ...plain,
      name: 'webdav',
      config: z.looseObject({}),
      account: () => account,
      plan: async (parcel, config, context) => {
        read.push((await context.credential(account.id))?.token);
        return plain.plan(parcel, config, context);
      },
    };
  };
  const run = async () => {
    const { provider } = scripted(
      calls('save_deliverable', { title: 'Trap', files: [{ path: 'README.md', from: 'README.md' }] }),
      calls('publish', {}),
      says('Done.'),
    );
    const targets = [target()];
    const hand = hire(stage, 'one', { providers: () => [provider], targets });
    hands.push(hand);
    return { job: await stage.hand('trap', 'Publish it'), hand };
  };

  it('publishes nothing unasked, in the widest mode and whatever the repository allows itself', async () => {
    const values = { token };
    const wish = { type: 'webdav', config, values };
    assert.ok((await connect({ ...stage.butler, targets: [target()] }, wish, 'person:test')).ok);
    const { job, hand } = await run();
    const asked = await stage.question(job);
    assert.match(asked.title, /^Publish 1 file to https:\/\/shelf\.example\/mine\/$/);
    assert.equal(asked.tool, 'publish');
    assert.equal(asked.always, undefined);
    assert.deepEqual(published, []);
    await stage.decide(asked, 'deny');
    await stage.end(job);
    assert.deepEqual(published, []);
    await hand.stop();
    const { entries } = await stage.butler.store.entries({ after: 0, limit: 500, bodies: true });
    assert.ok(!JSON.stringify(entries).includes(token));
  });

  it('does not come to an account that nobody connected', async () => {
    const { job, hand } = await run();
    await approving(stage, job);
    assert.ok(read.length > 0 && read.every((one) => one === undefined));
    await hand.stop();
  });

  it('is let publish in its own job only, where a person said so', async () => {
    const first = await run();
    await stage.decide(await stage.question(first.job), 'approveForJob');
    await stage.end(first.job);
    await first.hand.stop();
    assert.deepEqual(published, [address]);
    const second = await run();
    await stage.decide(await stage.question(second.job), 'deny');
    await stage.end(second.job);
    await second.hand.stop();
    assert.deepEqual(published, [address]);
  });
});
