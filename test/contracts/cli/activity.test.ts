import assert from 'node:assert/strict';
import type { Act } from '../../../server/protocol/activity.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';

describe('butler activity', function () {
  this.timeout(60_000);
  let stage: Stage;
  const butler = (...args: string[]) => runButler(stage, args);
  before(async () => {
    stage = await setStage({ serve: false });
    const data = { name: 'provider.x', where: '=1+1' };
    const entry = { stream: 'admin', type: 'secret.changed', actor: 'person:test', data } as const;
    assert.ok((await stage.butler.store.append([entry, { ...entry, actor: 'worker' }])).ok);
  });
  after(() => stage.close());

  it('shows what a question in words finds, and how it was understood', async () => {
    const { out, status, err } = await butler('activity', 'keys', 'by', 'me', 'today');
    assert.equal(status, 0, err);
    assert.match(out, /^1 of: tool secret\.changed · by the person · today$/m);
    assert.match(out, /person:test +ok +Change the key provider\.x/);
  });

  it('prints acts as JSON lines, and all of them as CSV in which nothing is a formula', async () => {
    const lines = (await butler('--json', 'activity', '--limit', '1')).out.trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as Act).actor),
      ['worker'],
    );
    const csv = (await butler('activity', '--csv')).out.trim().split('\r\n');
    assert.equal(csv.length, 3);
    assert.match(csv[0] ?? '', /^seq,time,actor,title,/);
    assert.ok(csv.every((line) => !/(^|,)[=+@]/.test(line)));
  });

  it('names the words of a question that cannot be, with the exit status of a wrong call', async () => {
    const { status, err } = await butler('activity', 'mail', 'deleted');
    assert.equal(status, 2);
    assert.match(err, /"mail" and "deleted"/);
  });
});
