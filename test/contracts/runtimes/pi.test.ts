import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addImage } from '../../../server/core/images.ts';
import { createJob } from '../../../server/core/jobs.ts';
import { secretOf } from '../../../server/core/providers.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import type { ProviderKind } from '../../../server/protocol/provider.ts';
import type { Call } from '../../../server/protocol/turn.ts';
import { openChatServer } from '../../support/chatServer.ts';
import { matchesGolden, told } from '../../support/golden.ts';
import { pixel } from '../providers/staging.ts';
import { calls, type Line, piOfEachTest, says } from './piStage.ts';

/** What stands between the mock's address and ours of each kind; Gemini's calls the mock ends as Gemini never does. */
const services: Readonly<Partial<Record<ProviderKind, { behind: string; reads?: boolean }>>> = {
  anthropic: { behind: '' },
  openai: { behind: '/v1' },
  google: { behind: '', reads: false },
  mistral: { behind: '/v1' },
  groq: { behind: '/openai/v1' },
  ollama: { behind: '' },
};

describe('an Ability on pi', function () {
  this.timeout(60_000);
  const { stage, set: stand } = piOfEachTest({ prompt: 'You like short words.' });
  const set = (...script: [Line, ...Line[]]) => stand(script);
  const callsOf = async (job: Job): Promise<Call[]> =>
    (await stage.transcript(job.session)).turns.flatMap((turn) =>
      turn.kind === 'assistant' ? turn.calls : [],
    );
  const file = (name: string) => path.join(stage.workspace, name);

  it('answers in words, which stream and are counted, and leaves nothing behind', async () => {
    await set(says('At your service.'));
    await mkdir(path.join(stage.home, 'pi/999999999-killed'), { recursive: true });
    const job = await stage.hand('piper', 'Say hello.');
    const ended = await stage.end(job);
    assert.equal(ended.state, 'completed');
    assert.equal(ended.cost.tokens, 1_234);
    const { turns } = await stage.transcript(job.session);
    assert.deepEqual(
      turns.map((turn) => (turn.kind === 'assistant' ? [turn.provider, turn.model, turn.parts] : turn.kind)),
      ['person', ['mock', 'mock-model', [{ kind: 'text', text: 'At your service.' }]]],
    );
    const streamed = stage.passing.flatMap((one) => (one.kind === 'token' ? [one.text] : [])).join('');
    assert.equal(streamed, 'At your service.');
    assert.match(stage.requests()[0] ?? '', /You like short words\./);
    assert.deepEqual(await readdir(path.join(stage.home, 'pi')), []);
  });

  it('reads, writes, edits and runs what a person approved, and what it wrote is taken back', async () => {
    await set(
      calls(
        ['read', { path: 'README.md', limit: 1 }],
        ['write', { path: 'notes/new.txt', content: 'one\ntwo\n' }],
      ),
      calls(['edit', { path: 'notes/new.txt', edits: [{ oldText: 'two', newText: 'three' }] }]),
      calls([
        'bash',
        { command: 'cat notes/new.txt; env | grep -ci sk-test; grep -rl sk-test "$PI_CODING_AGENT_DIR"' },
      ]),
      says('Done.'),
    );
    const job = await stage.hand('piper', 'Note it.');
    for (const kind of ['diff', 'diff', 'text']) {
      const question = await stage.question(job);
      const [open] = await stage.butler.store.pendingApprovals(job.id);
      assert.equal(open?.preview?.kind, kind);
      await stage.decide(question, 'approve');
    }
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await readFile(file('notes/new.txt'), 'utf8'), 'one\nthree\n');
    const undone = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.deepEqual(undone.ok && undone.value.conflicts, []);
    await assert.rejects(readFile(file('notes/new.txt')), { code: 'ENOENT' });
    await matchesGolden('piJob', told(await stage.transcript(job.session), stage.workspace));
  });

  it('is told no where a person denies, with the reason, and goes on', async () => {
    await set(calls(['bash', { command: 'touch made' }]), says('Then not.'));
    const job = await stage.hand('piper', 'Make it.');
    await stage.decide(await stage.question(job), 'deny', 'not today');
    assert.equal((await stage.end(job)).state, 'completed');
    const [call] = await callsOf(job);
    assert.equal(call?.state, 'refused');
    assert.match(stage.requests()[1] ?? '', /The person denied this: not today/);
    await assert.rejects(readFile(file('made')), { code: 'ENOENT' });
  });

  it('reaches nothing outside the workspace, and is not even asked about it', async () => {
    await set(
      calls(['read', { path: '/etc/hostname' }], ['write', { path: '../out.txt', content: 'x' }]),
      says('No.'),
    );
    const job = await stage.hand('piper', 'Look around.');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(
      (await callsOf(job)).map(({ state, approval }) => [state, approval]),
      [
        ['refused', null],
        ['refused', null],
      ],
    );
  });

  it('writes over nothing that changed after it was approved', async () => {
    await set(calls(['write', { path: 'README.md', content: 'mine\n' }]), says('I see.'));
    const job = await stage.hand('piper', 'Rewrite it.');
    const question = await stage.question(job);
    await writeFile(file('README.md'), 'yours\n');
    await stage.decide(question, 'approve');
    const again = await Promise.race([stage.question(job), stage.end(job).then(() => null)]);
    if (again) await stage.decide(again, 'deny');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await readFile(file('README.md'), 'utf8'), 'yours\n');
  });

  it('knows in the next job of a session what was said and done before', async () => {
    await set(says('The answer is forty-two.'), says('As I said.'));
    const first = await stage.hand('piper', 'What is the answer?');
    await stage.end(first);
    const second = await stage.hand('piper', 'Say it again.', first.session);
    assert.equal((await stage.end(second)).state, 'completed');
    assert.match(stage.requests()[1] ?? '', /What is the answer\?.*forty-two.*Say it again\./s);
  });

  it('is shown the images that came with the job', async () => {
    await set(says('A dot.'));
    const image = await addImage(stage.butler, Buffer.from(pixel, 'base64'));
    assert.ok(image.ok);
    const { workspace } = stage;
    const wanted = { ability: 'piper', workspace, text: 'What is it?', images: [image.value] };
    const job = await createJob(stage.butler, { ...wanted, kind: 'task' }, 'person:test');
    assert.ok(job.ok);
    assert.equal((await stage.end(job.value)).state, 'completed');
    assert.match(stage.requests()[0] ?? '', /data:image\/png;base64,/);
  });

  it('asks with the key of the provider, whatever stands in it', async () => {
    await set(says('Not asked.'));
    const service = await openChatServer();
    try {
      service.key = '!$sk-test$$';
      const config = { name: 'mock', kind: 'compatible', baseUrl: service.baseUrl } as const;
      const { store, secrets, renewProviders } = stage.butler;
      await secrets.set(secretOf(config), service.key);
      await store.append([
        { stream: adminStream, actor: 'person:test', type: 'provider.saved', data: { config } },
      ]);
      await renewProviders();
      const job = await stage.hand('piper', 'Say hello.');
      assert.deepEqual([(await stage.end(job)).failure, service.asked.length], [null, 1]);
    } finally {
      await service.close();
    }
  });

  for (const [kind, { behind, reads = true }] of Object.entries(services)) {
    it(`asks a provider of the kind ${kind} at its address`, async () => {
      const script: [Line, ...Line[]] = reads
        ? [calls(['read', { path: 'README.md' }]), says('I read it.')]
        : [says('At your service.')];
      await stand(script, { behind, kind: kind as ProviderKind });
      const job = await stage.hand('piper', 'Read it.');
      const { state, failure, cost } = await stage.end(job);
      assert.deepEqual([state, failure, cost.tokens], ['completed', null, script.length * 1_234]);
    });
  }
});
