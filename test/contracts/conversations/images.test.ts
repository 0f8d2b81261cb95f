import assert from 'node:assert/strict';
import { encode } from 'fast-png';
import { createJob } from '../../../server/core/jobs.ts';
import { answer } from '../../../server/main/handlers.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { Image } from '../../../server/protocol/provider.ts';
import { calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';

const person = 'person:test';
const grey = (width: number, height: number) =>
  encode({ width, height, data: new Uint8Array(width * height).fill(90), channels: 1, depth: 8 });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('images that are handed over with a job', function () {
  this.timeout(60_000);
  const { crew } = crewOfEachTest();

  const add = async (bytes: Uint8Array): Promise<Image> => {
    const outcome = await answer(crew.stage.butler, 'butler/image/add', { data: base64(bytes) }, person);
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
    return Image.parse(outcome.value);
  };
  const hand = async (images: Image[]): Promise<Job> => {
    const { butler, workspace } = crew.stage;
    const request = { ability: 'butler', workspace, text: 'What is it?', kind: 'task', images } as const;
    const created = await createJob(butler, request, person);
    assert.ok(created.ok);
    return created.value;
  };

  it('are shown to the model, as small as it looks at them', async () => {
    const image = await add(grey(3136, 1568));
    assert.deepEqual([image.width, image.height], [1568, 784]);
    const script = scripted(says('Grey.'));
    crew.work('one', { provider: script.provider });
    const job = await hand([image]);
    assert.equal((await crew.stage.end(job)).state, 'completed');
    const kept = await crew.stage.butler.store.blobs.get(image.digest);
    assert.ok(kept);
    assert.deepEqual(script.asked[0]?.messages, [
      { role: 'user', text: 'What is it?', images: [{ type: 'image/png', base64: base64(kept) }] },
    ]);
    const [turn] = (await crew.stage.transcript(job.session)).turns;
    assert.deepEqual(turn?.kind === 'person' && turn.images, [image]);
  });

  it('are shown alike by the worker that takes over, and in the next job', async () => {
    const image = await add(grey(20, 10));
    const { tool } = deed({ run: ({ signal }) => untilStopped(signal), repeatable: true });
    const first = scripted(calls('deed'));
    const one = crew.work('one', { provider: first.provider, tools: [tool] });
    const job = await hand([image]);
    await crew.saw(job, 'execution.started');
    await crew.loses(one);
    const second = scripted(says('Grey.'), says('Still grey.'));
    crew.work('two', { provider: second.provider, tools: [deed({ repeatable: true }).tool] });
    await crew.stage.end(job);
    await crew.stage.end(await crew.stage.hand('butler', 'And now?', job.session));
    for (const { messages } of second.asked) assert.deepEqual(messages[0], first.asked[0]?.messages[0]);
  });

  it('are told as not shown where they are not kept', async () => {
    const gone = Image.parse({ digest: '0'.repeat(64), type: 'image/png', width: 8, height: 8 });
    const script = scripted(says('I see nothing.'));
    crew.work('one', { provider: script.provider });
    await crew.stage.end(await hand([await add(grey(8, 8)), gone]));
    const [message] = script.asked[0]?.messages ?? [];
    assert.equal(message?.role === 'user' && message.text, 'What is it?\n\n(Not shown: 1 of 2 images.)');
    assert.equal(message?.role === 'user' && message.images?.length, 1);
  });

  it('are refused with what to do where they are none', async () => {
    const data = base64(new TextEncoder().encode('not an image at all'));
    const outcome = await answer(crew.stage.butler, 'butler/image/add', { data }, person);
    assert.ok(!outcome.ok);
    assert.deepEqual(
      [outcome.failure.kind, outcome.failure.field, outcome.failure.what],
      ['invalid', 'data', 'This is no PNG, JPEG, GIF or WebP.'],
    );
  });
});
