import assert from 'node:assert/strict';
import { chat } from '../wires/chat.ts';
import { openPlay, turnOf } from './played.ts';

describe('the scripted model', () => {
  const calls = ['one', 'two'].map((path) => ({ name: 'read', input: { path } }));
  const tools = [{ function: { name: 'read' } }];
  const call = (id: string, path: string) => ({ id, function: { arguments: JSON.stringify({ path }) } });
  const said = (...tool_calls: object[]) => ({ role: 'assistant', tool_calls });
  const result = (tool_call_id: string) => ({ role: 'tool', tool_call_id });
  const turn = (messages: object[], offered: object[] = tools) =>
    turnOf(openPlay({ mark: 'read', calls }, 1), chat, { tools: offered, messages });

  it('asks for the next call by what the conversation remembers', () => {
    assert.deepEqual(turn([]).answer.call, calls[0]);
    assert.deepEqual(turn([said(call('a', 'one')), result('a')]).answer.call, calls[1]);
  });

  it('asks again for a call that has no result', () => {
    assert.deepEqual(turn([said(call('a', 'one'))]).answer.call, calls[0]);
  });

  it('closes when every call has its result', () => {
    const done = [said(call('a', 'one')), result('a'), said(call('b', 'two')), result('b')];
    assert.equal(turn(done).answer.call, null);
  });

  it('sees a call that was done twice', () => {
    const twice = [said(call('a', 'one')), result('a'), said(call('b', 'one')), result('b')];
    const { results, doubled } = turn(twice);
    assert.deepEqual({ results, doubled }, { results: 1, doubled: 1 });
  });

  it('says only a word to a request beside the loop', () => {
    const { loop, answer } = turn([], []);
    assert.equal(loop, false);
    assert.deepEqual(answer.text, ['ok']);
  });

  it('keeps to the form that a request beside the loop asks for', () => {
    const properties = { reason: { type: 'string' }, sure: { type: 'number' }, more: { type: 'string' } };
    const schema = { type: 'object', properties, required: ['reason', 'sure'] };
    const body = { response_format: { json_schema: { schema } } };
    const { answer } = turnOf(openPlay({ mark: 'read', calls }, 1), chat, body);
    assert.deepEqual(JSON.parse(answer.text.join('')), { reason: 'ok', sure: 0 });
  });

  it('never gives two calls of different scripts one name', () => {
    const ids = [1, 2].map((number) => turnOf(openPlay({ mark: 'read', calls }, number), chat, {}).answer.id);
    assert.notEqual(ids[0], ids[1]);
  });
});
