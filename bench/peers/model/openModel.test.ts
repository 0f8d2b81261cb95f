import assert from 'node:assert/strict';
import { type Model, openModel } from './openModel.ts';
import { type FaultName, faultNames } from './script.ts';

const tool = { name: 'read', description: '', input_schema: { type: 'object' } };
const step = { name: 'read', input: { path: 'one' } };

describe('the scripted model on the loopback', () => {
  let model: Model;
  before(async () => {
    model = await openModel();
  });
  after(() => model.close());

  const ask = () =>
    fetch(`${model.url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ model: 'mock-model', stream: true, tools: [tool], messages: [] }),
    });
  const script = (name: FaultName) =>
    model.script({ mark: 'read', calls: [step], fault: { name, at: 0, times: 1 } });

  const looks: Readonly<Record<FaultName, (response: Response) => Promise<void>>> = {
    limited: async ({ status, headers }) => {
      assert.equal(status, 429);
      assert.equal(headers.get('retry-after'), '1');
    },
    broken: async ({ status }) => assert.equal(status, 500),
    overloaded: async ({ status }) => assert.equal(status, 529),
    cutInText: (response) => assert.rejects(response.text()),
    cutInCall: (response) => assert.rejects(response.text()),
    cutBehindCall: (response) => assert.rejects(response.text()),
    malformed: (response) => assert.rejects(eventsOf(response), SyntaxError),
  };

  for (const name of faultNames) {
    it(`plays the fault "${name}" as often as it is told, then answers as it should`, async () => {
      await script(name);
      await looks[name](await ask());
      const events = await eventsOf(await ask());
      assert.equal(events.at(-1)?.type, 'message_stop');
      const asked = await model.asked();
      assert.deepEqual(
        asked.map((one) => one.fault),
        [name, null],
      );
    });
  }

  it('leaves one request without an answer where it is told to, and tells of it', async () => {
    await model.script({ mark: 'read', calls: [step], hold: 0 });
    const held = new Promise<number>((resolve) => {
      const unlisten = model.listen(({ turn, results }) => {
        if (turn !== 'held') return;
        unlisten();
        resolve(results);
      });
    });
    const waiting = new AbortController();
    const refused = assert.rejects(
      fetch(`${model.url}/v1/messages`, {
        method: 'POST',
        signal: waiting.signal,
        body: JSON.stringify({ stream: true, tools: [tool], messages: [] }),
      }),
    );
    assert.equal(await held, 0);
    waiting.abort();
    await refused;
    assert.equal((await eventsOf(await ask())).at(-1)?.type, 'message_stop');
  });
});

async function eventsOf(response: Response): Promise<{ type: string }[]> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}
