import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Passing } from '../../../server/core/jobRun.ts';
import { setKey } from '../../../server/core/providers.ts';
import { steerJob } from '../../../server/core/steer.ts';
import { exportActs } from '../../../server/main/activity.ts';
import { examine } from '../../../server/main/doctor.ts';
import { answer } from '../../../server/main/handlers.ts';
import { approving, calls, does, type ModelStage, says, setModelStage } from '../conversations/model.ts';

/** Each is made of pieces, so that it stands in no file but those that a test writes. */
const canaries = {
  inUse: ['canary', 'in', 'use', '7a7b7c7d8e8f'].join('-'),
  kept: ['canary', 'kept', 'only', '1a2b3c4d5e6f'].join('-'),
  environment: ['canary', 'of', 'the', 'shell', '9f8e7d6c5b4a'].join('-'),
};
/** A token of a service that the butler was never told. */
const unknown = `gh${'p_'}${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYz'}12`;
const secret = Object.values(canaries);

const config = [
  `inUse = ${canaries.inUse}`,
  `kept = ${canaries.kept}`,
  `encoded = ${Buffer.from(`user:${canaries.kept}`).toString('base64')}`,
  `shell = ${canaries.environment}`,
  `token = ${unknown}`,
].join('\n');

describe('a secret', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  let passed: Passing[];
  before(() => {
    process.env.BUTLER_TEST_TOKEN = canaries.environment;
  });
  after(() => {
    delete process.env.BUTLER_TEST_TOKEN;
  });
  beforeEach(() => {
    passed = [];
  });
  afterEach(() => stage.close());

  const set = async (script: Parameters<typeof setModelStage>[0]) => {
    const emit = (passing: Passing) => void passed.push(passing);
    const environment = { ANTHROPIC_API_KEY: canaries.inUse };
    stage = await setModelStage(script, { environment, emit });
    await setKey(stage.butler, { provider: 'openai', value: canaries.kept }, 'person:test');
    await writeFile(path.join(stage.workspace, 'notes.txt'), config);
  };

  it('is in no request, entry, token, export or finding after a job that met it everywhere', async () => {
    await set([
      calls(['read_file', { path: 'notes.txt' }], ['search_text', { pattern: 'kept' }]),
      calls(['run_command', { command: 'cat notes.txt; env; printenv ANTHROPIC_API_KEY' }]),
      calls(['write_file', { path: 'copy.txt', content: `again ${canaries.kept}` }]),
      calls(['save_deliverable', { title: 'Notes', files: [{ path: 'notes.txt', from: 'notes.txt' }] }]),
      does((asked) => [['publish', { deliverable: asked.deliverable() }]]),
      says(`Your keys are ${canaries.inUse} and ${canaries.kept}.`),
    ]);
    const job = await stage.hand(stage.ability, `Use my key ${canaries.kept} for it.`);
    await steerJob(stage.butler, { id: job.id, text: `It is ${canaries.inUse}.` }, 'person:test');
    assert.equal((await approving(stage, job)).state, 'completed');
    const { entries } = await stage.butler.store.entries({ after: 0, limit: 2000, bodies: true });
    const csv = await exportActs(stage.butler, { query: '', form: 'csv' });
    const asked = await answer(stage.butler, 'butler/ability/read', { id: canaries.kept }, 'person:test');
    const sinks = {
      requests: JSON.stringify(stage.requests),
      journal: JSON.stringify(entries),
      tokens: passed
        .map((one) => (one.kind === 'token' ? one.text : JSON.stringify({ ...one, job: '' })))
        .join(''),
      export: JSON.stringify(csv),
      findings: JSON.stringify(await examine(stage.butler)),
      failures: JSON.stringify(asked),
    };
    for (const [sink, text] of Object.entries(sinks)) {
      for (const one of [...secret, unknown]) assert.ok(!text.includes(one), `${sink} holds ${one}`);
      assert.ok(
        !text.includes(Buffer.from(canaries.kept).toString('base64').slice(4, 24)),
        `${sink}, encoded`,
      );
    }
    assert.match(sinks.requests, /\[secret removed\]/);
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });

  it('lies in no file of the store but the one that is for secrets', async () => {
    await set([calls(['read_file', { path: 'notes.txt' }]), says('Done.')]);
    await approving(stage, await stage.hand(stage.ability, 'Read it.'));
    for (const file of await readdir(stage.home, { recursive: true, withFileTypes: true })) {
      const at = path.join(file.parentPath, file.name);
      if (!file.isFile() || at === stage.butler.config.secretsFile) continue;
      const bytes = await readFile(at);
      for (const one of [...secret, unknown]) assert.ok(!bytes.includes(one), `${at} holds ${one}`);
    }
  });

  it('is not published, and the file that holds it is named and left as it is', async () => {
    await set([
      calls(['save_deliverable', { title: 'Notes', files: [{ path: 'notes.txt', from: 'notes.txt' }] }]),
      does((asked) => [['publish', { deliverable: asked.deliverable() }]]),
      says('Done.'),
    ]);
    const job = await stage.hand(stage.ability, 'Publish the notes.');
    await approving(stage, job);
    const { turns } = await stage.transcript(job.session);
    const told = turns
      .flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []))
      .map(({ output }) => output);
    assert.match(told.at(-1) ?? '', /"notes\.txt" holds a secret of yours/);
    assert.equal(await stage.read('notes.txt'), config);
    const [deliverable] = await stage.butler.store.deliverables({ job: job.id, limit: 1 });
    assert.equal(deliverable?.published, null);
  });
});
