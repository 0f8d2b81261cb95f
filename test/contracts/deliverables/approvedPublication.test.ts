import assert from 'node:assert/strict';
import { createAbility, updateAbility } from '../../../server/core/abilities.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { shelf } from '../../attacks/publishSurface.ts';
import { until } from '../../support/stage.ts';
import { calls, crewOfEachTest, says, scripted } from '../conversations/crew.ts';

describe('a publication that was approved', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  it('is asked for anew where the target is told to publish otherwise by the time it is done', async () => {
    const told: string[] = [];
    const plain = shelf('https://shelf.example/here');
    const target: Target = {
      ...plain,
      publish: (parcel, config, context) => {
        told.push(JSON.stringify(config));
        return plain.publish(parcel, config, context);
      },
    };
    const ports = { ...stage.butler, targets: [target] };
    const wanted = (label: string) => ({ type: 'shelf', config: { label } });
    const draft = {
      name: 'Shelf',
      description: '',
      provider: 'offline',
      model: '',
      prompt: '',
      deliverable: 'document',
      target: wanted('one'),
    };
    const made = await createAbility(ports, { draft }, 'person:test');
    assert.ok(made.ok, JSON.stringify(made));
    const file = { path: 'a.md', content: '# A\n' };
    const save = calls('save_deliverable', { title: 'A', files: [file] });
    const first = crew.work('first', {
      targets: [target],
      provider: scripted(save, calls('publish')).provider,
    });
    const job = await stage.hand('shelf', 'Publish it');
    const question = await stage.question(job);
    await crew.loses(first);
    const change = { target: wanted('two') };
    assert.ok((await updateAbility(ports, { id: 'shelf', change }, 'person:test')).ok);
    await stage.decide(question, 'approve');
    crew.work('second', { targets: [target], provider: scripted(says('Done.')).provider });
    const again = await until(stage.butler, async () => {
      const [open] = await stage.butler.store.pendingApprovals(job.id);
      const now = await stage.butler.store.job(job.id);
      return open?.approval ?? (now?.state === 'running' ? null : 'not asked');
    });
    assert.ok(again !== 'not asked', `published unasked: ${told.join()}`);
    assert.deepEqual(told, []);
    await stage.decide(again, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(told, ['{"label":"two"}']);
  });
});
