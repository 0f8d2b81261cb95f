import assert from 'node:assert/strict';
import { abilitiesChanged } from '../server/protocol/editor.ts';
import { bad, failures, good, type Outcome } from '../server/protocol/failure.ts';
import { contract } from '../server/protocol/index.ts';
import type { PageAct, ToPage } from '../server/protocol/page.ts';
import { createRelay } from './relay.ts';

function open(answer: Outcome<unknown> = good({})) {
  const sent: { method: string; params: unknown }[] = [];
  const posted: ToPage[] = [];
  const acts: PageAct[] = [];
  const refused: string[] = [];
  let greeted = 0;
  const relay = createRelay({
    send: async ({ method }, params) => {
      sent.push({ method, params });
      return answer;
    },
    act: async (act) => {
      acts.push(act);
    },
    ready: () => {
      greeted += 1;
    },
    post: (message) => posted.push(message),
    refused: (what) => refused.push(what),
  });
  return { relay, sent, posted, acts, refused, greeted: () => greeted };
}

describe('the relay between page and worker', () => {
  it('calls off a request for the page that sent it, and answers that nevertheless', async () => {
    const posted: ToPage[] = [];
    const calledOff: number[] = [];
    const relay = createRelay({
      send: async (_message, _params, signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        calledOff.push(posted.length);
        return bad(failures.cancelled('Called off.'));
      },
      act: async () => {},
      ready: () => {},
      post: (message) => posted.push(message),
      refused: () => {},
    });
    const asked = relay.receive({ kind: 'request', id: 7, method: 'butler/job/undo', params: { id: 'j' } });
    await relay.receive({ kind: 'cancel', id: 8 });
    await relay.receive({ kind: 'cancel', id: 7 });
    await asked;
    await relay.receive({ kind: 'cancel', id: 7 });
    assert.deepEqual([calledOff, posted.map(({ kind }) => kind)], [[0], ['error']]);
  });

  it('lets a page that is fresh call off, and hear, only what it asked itself', async () => {
    const posted: ToPage[] = [];
    const signals: AbortSignal[] = [];
    const answers = [Promise.withResolvers<Outcome<unknown>>(), Promise.withResolvers<Outcome<unknown>>()];
    const relay = createRelay({
      send: async (_message, _params, signal) => answers[signals.push(signal) - 1]?.promise ?? good({}),
      act: async () => {},
      ready: () => {},
      post: (message) => posted.push(message),
      refused: () => {},
    });
    const undo = { kind: 'request', id: 0, method: 'butler/job/undo', params: { id: 'j' } };
    const before = relay.receive(undo);
    await relay.receive({ kind: 'ready' });
    const after = relay.receive(undo);
    await relay.receive({ kind: 'cancel', id: 0 });
    for (const { resolve } of answers) resolve(good({ undone: [], conflicts: [] }));
    await Promise.all([before, after]);
    assert.deepEqual([signals.map(({ aborted }) => aborted), posted.length], [[false, true], 1]);
  });

  it('passes on a request that pages may send, and its answer', async () => {
    const { relay, sent, posted } = open(good({ abilities: [], problems: [] }));
    await relay.receive({ kind: 'request', id: 3, method: 'butler/ability/list', params: {} });
    assert.deepEqual(sent, [{ method: 'butler/ability/list', params: {} }]);
    assert.deepEqual(posted, [{ kind: 'answer', id: 3, result: { abilities: [], problems: [] } }]);
  });

  it('passes on only what is named, where it is told so', async () => {
    const sent: string[] = [];
    const refused: string[] = [];
    const ends = {
      act: async () => {},
      ready: () => {},
      post: () => {},
      refused: (what: string) => refused.push(what),
    };
    const send = async ({ method }: { readonly method: string }) => {
      sent.push(method);
      return good({ mime: 'text/plain', encoding: 'utf8', content: '' });
    };
    const relay = createRelay({ ...ends, send }, ['butler/deliverable/file']);
    await relay.receive({ kind: 'request', id: 1, method: 'butler/job/list', params: {} });
    await relay.receive({
      kind: 'request',
      id: 2,
      method: 'butler/deliverable/file',
      params: { id: 'd', path: 'a' },
    });
    assert.deepEqual(sent, ['butler/deliverable/file']);
    assert.equal(refused.length, 1);
  });

  it('refuses every message of the contract that is not marked for pages', async () => {
    const forbidden = contract.filter((one) => one.kind !== 'request' || one.from !== 'client' || !one.page);
    assert.ok(forbidden.length > 10);
    for (const { method } of forbidden) {
      const { relay, sent, posted, refused } = open();
      await relay.receive({ kind: 'request', id: 1, method, params: {} });
      assert.deepEqual(sent, [], method);
      assert.equal(posted[0]?.kind, 'error', method);
      assert.equal(refused.length, 1);
    }
  });

  it('refuses methods outside the contract, standard ones of LSP included', async () => {
    for (const method of ['workspace/executeCommand', 'shutdown', 'butler/nothing', '__proto__', '']) {
      const { relay, sent } = open();
      await relay.receive({ kind: 'request', id: 1, method, params: {} });
      assert.deepEqual(sent, [], method);
    }
  });

  it('refuses parameters that do not fit, naming the field', async () => {
    const { relay, sent, posted } = open();
    await relay.receive({ kind: 'request', id: 9, method: 'butler/job/abort', params: { id: '../x' } });
    assert.deepEqual(sent, []);
    const [error] = posted;
    assert.ok(error?.kind === 'error' && error.failure.field === 'id');
  });

  it('drops what is no message at all', async () => {
    const nonsense = [null, 7, 'x', [], {}, { kind: 'request' }, { kind: 'act', act: { act: 'format' } }];
    for (const raw of nonsense) {
      const { relay, sent, acts, refused } = open();
      await relay.receive(raw);
      assert.deepEqual([sent, acts, refused.length], [[], [], 1]);
    }
  });

  it('hands a failure of the worker to the page as it is', async () => {
    const failure = failures.notFound('job', 'j1');
    const { relay, posted } = open({ ok: false, failure });
    await relay.receive({ kind: 'request', id: 4, method: 'butler/job/read', params: { id: 'j1' } });
    assert.deepEqual(posted, [{ kind: 'error', id: 4, failure }]);
  });

  it('takes acts and the greeting', async () => {
    const { relay, acts, greeted } = open();
    await relay.receive({ kind: 'ready' });
    await relay.receive({ kind: 'act', act: { act: 'copy', text: 'a' } });
    assert.equal(greeted(), 1);
    assert.deepEqual(acts, [{ act: 'copy', text: 'a' }]);
  });

  it('tells news that pages may have', () => {
    const { relay, posted } = open();
    relay.tell(abilitiesChanged, {});
    relay.tell({ ...abilitiesChanged, page: false }, {});
    assert.deepEqual(posted, [{ kind: 'news', method: 'butler/ability/changed', params: {} }]);
  });
});
