import assert from 'node:assert/strict';
import type { CancellationToken } from 'vscode-languageserver/node';
import type { EditorQuestion } from '../protocol/languageModel.ts';
import { editorModels } from './editorModels.ts';

const question: EditorQuestion = { id: 'q1', model: 'm', system: '', tools: [], messages: [] };
const part = (id: unknown, text: unknown = 'Hello.') => ({ id, part: { kind: 'text', text } });

/** A client that never answers, and the last token by which it was told to stop. */
function silentClient() {
  const told: CancellationToken[] = [];
  const sendRequest = (...given: unknown[]) => {
    told.push(given.at(-1) as CancellationToken);
    return new Promise<never>(() => undefined);
  };
  return { models: editorModels({ sendRequest }), told };
}

describe('the models of a client that lies', () => {
  it('are waited for no longer than wanted, and heard no more after that', async () => {
    const { models, told } = silentClient();
    const control = new AbortController();
    const heard: string[] = [];
    const asked = models.ask(
      question,
      (piece) => heard.push(piece.kind === 'text' ? piece.text : ''),
      control.signal,
    );
    models.heard(part('q1'));
    control.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    models.heard(part('q1', 'more'));
    assert.deepEqual(heard, ['Hello.']);
    assert.equal(told[0]?.isCancellationRequested, true);
  });

  it('are listed no longer than wanted, also where nobody wants it any more', async () => {
    await assert.rejects(silentClient().models.list(AbortSignal.abort(new Error('enough'))), /enough/);
  });

  it('spoil only their own answer by a piece that cannot be read', async () => {
    const { models } = silentClient();
    const asked = models.ask(question, () => undefined, new AbortController().signal);
    for (const news of [null, 7, [], {}, part(['q1']), part('q2', 7), part('__proto__', 7)])
      models.heard(news);
    models.heard(part('q1', 7));
    await assert.rejects(asked, /another shape/);
  });
});
