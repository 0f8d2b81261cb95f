import assert from 'node:assert/strict';
import { CancellationTokenSource, LanguageModelError, lm } from 'vscode';
import { answer, listModels as listOwn } from '../../extension/languageModels.ts';
import { modelFailure } from '../../extension/modelFailure.ts';
import { AbilityDraft, createAbility } from '../../server/protocol/ability.ts';
import { createJob, type Job } from '../../server/protocol/job.ts';
import type { EditorMessage } from '../../server/protocol/languageModel.ts';
import { listModels, type Part } from '../../server/protocol/provider.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What a model that `lender` brings answers. */
async function ask(
  words: string,
  { more = [], token = new CancellationTokenSource().token, model = 'lender/small' } = {} as {
    more?: EditorMessage[];
    token?: CancellationTokenSource['token'];
    model?: string;
  },
) {
  const parts: Part[] = [];
  const question = {
    id: 'q1',
    model,
    system: 'You are a test.',
    tools: [{ name: 'read_file', description: 'Reads a file.', input: { type: 'object' } }],
    messages: [{ role: 'user' as const, text: words }, ...more],
  };
  const end = await answer(question, token, async ({ part }) => void parts.push(part));
  return { parts, end, text: parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('') };
}

describe('the language models of the editor', () => {
  before(async () => {
    const lent = async () => (await lm.selectChatModels({ vendor: 'lender' })).length === 2;
    if (await lent()) return;
    let there = false;
    await until(lm.onDidChangeChatModels, () => {
      void lent().then((yes) => {
        there = yes;
      });
      return there;
    });
  });

  it('are listed with who brings them and how much they take', async () => {
    assert.deepEqual(
      (await listOwn()).filter(({ id }) => id.startsWith('lender/')),
      [
        { id: 'lender/small', title: 'The small (lender)', context: 4000 },
        { id: 'lender/large', title: 'The large (lender)', context: 64_000 },
      ],
    );
  });

  it('answer in pieces, with the tokens that they count', async () => {
    const { parts, end } = await ask('say hello');
    assert.deepEqual(parts, [
      { kind: 'text', text: 'Hel' },
      { kind: 'text', text: 'lo.' },
    ]);
    assert.equal(end.failure, null);
    assert.ok(end.usage && end.usage.input > 20 && end.usage.output >= 6, JSON.stringify(end.usage));
  });

  it('hear the system prompt and the tools', async () => {
    const { text } = await ask('tell what came', { model: 'lender/large' });
    assert.deepEqual(JSON.parse(text), { id: 'large', system: 'You are a test.', tools: ['read_file'] });
  });

  it('call tools, and go on from their results', async () => {
    const { parts } = await ask('read both');
    assert.deepEqual(
      parts,
      ['a.md', 'b.md'].map((path) => ({
        kind: 'call',
        call: `c-${path}`,
        tool: 'read_file',
        input: { path },
      })),
    );
    const more: EditorMessage[] = [
      { role: 'assistant', parts },
      { role: 'tool', results: [{ call: 'c-a.md', output: 'forty-two', error: false }] },
    ];
    assert.equal((await ask('read both', { more })).text, 'It says forty-two.');
  });

  it('see the images of a person', async () => {
    const more: EditorMessage[] = [
      { role: 'user', text: 'what is it', images: [{ type: 'image/png', base64: pixel }] },
    ];
    const { text } = await ask('hello', { more });
    assert.equal(text, `A picture of ${Buffer.from(pixel, 'base64').length} bytes.`);
  });

  it('end at once when they are stopped', async () => {
    const cancel = new CancellationTokenSource();
    setTimeout(() => cancel.cancel(), 50);
    const { end } = await ask('wait for ever', { token: cancel.token });
    assert.equal(end.failure?.kind, 'cancelled');
  });

  it('say what is wrong, and what to do', async () => {
    const kinds = [];
    for (const words of ['reach the quota', 'be signed out'])
      kinds.push((await ask(words)).end.failure?.kind);
    assert.deepEqual(kinds, ['limited', 'auth']);
    const { end } = await ask('say hello', { model: 'lender/gone' });
    assert.equal(end.failure?.kind, 'notFound');
  });

  it('are failed by what their errors tell', () => {
    const kinds = [
      LanguageModelError.NoPermissions('No.'),
      LanguageModelError.NotFound('No.'),
      LanguageModelError.Blocked('No.'),
      new Error('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.example') }),
      new Error('Sorry, the response was filtered.'),
      new Error('The prompt is too long.'),
      new Error('Something else.'),
    ].map((error) => modelFailure(error, 'The model').kind);
    assert.deepEqual(kinds, ['denied', 'notFound', 'limited', 'offline', 'refused', 'tooLong', 'overloaded']);
  });

  it('are there for the worker', async () => {
    const { worker } = await activeParts();
    const { models } = valueIn(await worker.send(listModels, { name: 'editor' }));
    assert.deepEqual(
      models.flatMap(({ id }) => (id.startsWith('lender/') ? id : [])),
      ['lender/small', 'lender/large'],
    );
  });

  it('do a whole job', async () => {
    const { worker, board } = await activeParts();
    const draft = { name: 'On the editor', provider: 'editor', model: 'lender/large', tools: [] };
    const ability = valueIn(await worker.send(createAbility, { draft: AbilityDraft.parse(draft) }));
    const { id } = valueIn(
      await worker.send(createJob, { ability: ability.id, text: 'say hello', workspace: folder() }),
    );
    const over: readonly Job['state'][] = ['completed', 'failed', 'aborted'];
    const ended = () => board.going.jobs.find((job) => job.id === id && over.includes(job.state));
    await until(board.onChange, () => ended() !== undefined);
    assert.equal(ended()?.state, 'completed', JSON.stringify(ended()?.failure));
    assert.ok((ended()?.cost.tokens ?? 0) > 0, JSON.stringify(ended()?.cost));
  });
});
