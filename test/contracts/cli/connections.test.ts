import assert from 'node:assert/strict';
import type { Job } from '../../../server/protocol/job.ts';
import { ofEachTest } from '../../support/ofEachTest.ts';
import { setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';
import { startSmallModel } from '../setUp/smallModel.ts';

describe('the command line, where a provider does not answer', function () {
  this.timeout(60_000);
  const house = ofEachTest(startSmallModel, ({ close }) => close());
  const spare = ofEachTest(startSmallModel, ({ close }) => close());
  const stage = ofEachTest(
    () => setStage({ serve: false }),
    ({ close }) => close(),
  );

  const butler = (args: readonly string[], environment = { OLLAMA_HOST: '127.0.0.1:9' }) =>
    runButler(stage, args, { environment });
  const add = async (name: string, baseUrl: string) =>
    assert.equal((await butler(['providers', 'add', name, '--base-url', baseUrl, '--model', 'm'])).status, 0);

  it('says who goes on in its place, and until when a limit lasts', async () => {
    await add('house', house.baseUrl);
    await add('spare', spare.baseUrl);
    await butler(['use', 'butler', 'house']);
    await butler(['settings', 'set', 'fallbacks', 'spare']);
    house.refuse(429, 90);
    const until = String.raw`until (?:\d+ \w+, )?\d\d:\d\d`;
    const { out } = await butler(['run', 'butler', 'Hello']);
    assert.match(out, new RegExp(`^… .* limits requests.* It lasts ${until}\\.`, 'm'));
    assert.match(out, /^… spare goes on in place of house: [\s\S]*^ready$/m);
    assert.match((await butler(['providers'])).out, new RegExp(`^house +limited ${until} `, 'm'));
    assert.match((await butler(['doctor'])).out, new RegExp(`limits requests ${until}`));
    const tested = await butler(['providers', 'test', 'house']);
    assert.match(tested.err, new RegExp(`It lasts ${until}\\.`));
  });

  it('says that a job waits for the network, in it and in the list', async () => {
    await add('house', house.baseUrl);
    await butler(['use', 'butler', 'house']);
    await house.close();
    const running = butler(['run', 'butler', 'Hello']);
    for (let state = ''; state !== 'waiting for the network'; ) {
      state =
        / {2}(waiting for the network|running|queued) {2}/.exec((await butler(['jobs'])).out)?.[1] ?? '';
    }
    const [job] = await stage.butler.store.jobs({ limit: 1 });
    assert.equal((await butler(['abort', (job as Job).id])).status, 0);
    const { out } = await running;
    assert.match(out, /^… waits until 127\.0\.0\.1:\d+ can be reached, and goes on by itself$/m);
  });

  it('says how a terminal mends a key that is missing', async () => {
    await butler(['use', 'butler', 'anthropic']);
    const { out } = await butler(['run', 'butler', 'Hello']);
    assert.match(out, /no API key for Anthropic\.\n {2}"butler providers" lists.*butler providers add/);
  });

  it('leads to an Ollama that runs here by itself', async () => {
    const here = { OLLAMA_HOST: new URL(house.baseUrl).host };
    const { err } = await butler(['run', 'butler', 'Hello'], here);
    assert.match(err, /works offline.* Use Ollama: butler use butler ollama$/m);
  });
});
