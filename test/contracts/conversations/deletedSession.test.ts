import assert from 'node:assert/strict';
import { forkSession } from '../../../server/core/fork.ts';
import { createJob } from '../../../server/core/jobs.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { deleteSession } from '../../../server/core/sessions.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Image } from '../../../server/protocol/provider.ts';
import { crewOfEachTest, says, scripted } from './crew.ts';
import { workFree } from './freeWork.ts';
import { playing, routes, teamAbility, words } from './team.ts';

const person = 'person:test';

describe('a session that a person deletes', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const erase = async (id: string) => {
    assert.ok((await deleteSession(stage.butler, id, person)).ok);
    const { store } = stage.butler;
    assert.equal((await store.verify()).state, 'clean');
    await store.rebuild();
  };
  const contents = async () => {
    const { entries } = await stage.butler.store.entries({ after: 0, limit: 2000, bodies: true });
    return JSON.stringify(entries.map(({ body }) => body));
  };

  it('takes along what its specialists were told and said', async () => {
    const route = routes(['project', 'Count the herons.'], ['email', 'Tell of the herons.']);
    crew.work('one', { provider: playing({ route, work: () => words('Three herons.') }).provider });
    const job = await stage.hand(await teamAbility(stage), 'How many herons are there?');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(await contents(), /heron/);
    await erase(job.session);
    assert.doesNotMatch(await contents(), /heron/);
    assert.deepEqual(await stage.butler.store.sessions({ limit: 10 }), []);
  });

  it('takes along the images that no other session shows', async () => {
    const { blobs } = stage.butler.store;
    const [own = '', shared = ''] = await Promise.all(
      [1, 2].map((byte) => blobs.put(new Uint8Array([byte]))),
    );
    const image = (digest: string): Image => ({ digest, type: 'image/png', width: 1, height: 1 });
    crew.work('one', { provider: scripted(says('Grey.'), says('Grey.')).provider });
    const [job] = await Promise.all([show([own, shared].map(image)), show([image(shared)])]);
    await erase(job.session);
    assert.deepEqual([await blobs.get(own), (await blobs.get(shared))?.length], [null, 1]);
  });

  it('takes along what its commands kept to be taken back, and leaves what others kept', async () => {
    const { butler } = stage;
    const noise = 'head -c 1000000 /dev/urandom > noise.bin';
    await workFree(crew, ['run_command', { command: noise }]);
    const other = await workFree(crew, ['run_command', { command: noise }]);
    const job = await workFree(crew, ['run_command', { command: 'head -c 3000000 /dev/urandom > more.bin' }]);
    assert.ok((await butler.snapshots.size()) > 5_000_000);
    await erase(job.session);
    const left = await butler.snapshots.size();
    assert.ok(left > 2_000_000 && left < 3_000_000, `${left}`);
    const back = await undoJob(butler, { id: other.id }, person);
    assert.ok(back.ok && back.value.undone.length === 1);
  });

  async function show(images: Image[]): Promise<Job> {
    const { workspace } = stage;
    const request = { ability: 'butler', workspace, text: 'What is it?', kind: 'task', images } as const;
    const created = await createJob(stage.butler, request, person);
    assert.ok(created.ok);
    return stage.end(created.value);
  }

  it('is told no more to a fork of it, which goes on', async () => {
    const script = scripted(says('Three herons.'), says('Here.'));
    crew.work('one', { provider: script.provider });
    const job = await stage.hand('butler', 'Count the herons');
    await stage.end(job);
    const fork = await forkSession(stage.butler, { id: job.session, job: job.id, at: 'end' }, person);
    assert.ok(fork.ok);
    await erase(job.session);
    assert.equal((await stage.end(await stage.hand('butler', 'And now?', fork.value.id))).state, 'completed');
    assert.deepEqual(script.asked.map(said).at(-1), ['(deleted)', 'And now?']);
  });
});

const said = ({ messages }: ProviderRequest) =>
  messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
