import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Spent } from '../../../server/core/ports/store.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { ModelInfo, ProviderInfo } from '../../../server/protocol/provider.ts';
import type { Settings } from '../../../server/protocol/settings.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { runButler } from '../../support/terminal.ts';
import { type SmallModel, startSmallModel } from '../setUp/smallModel.ts';

describe('the command line, for setting up', () => {
  let stage: Stage;
  let service: SmallModel;
  beforeEach(async () => {
    service = await startSmallModel();
    stage = await setStage({ serve: false });
  });
  afterEach(async () => {
    await stage.close();
    await service.close();
  });

  const butler = (args: readonly string[], input = '') =>
    runButler(stage, args, { input, environment: { OLLAMA_HOST: '127.0.0.1:9' } });
  const json = async <T>(...args: string[]) =>
    (await butler(['--json', ...args])).out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
  const addHouse = () =>
    butler(['providers', 'add', 'house', '--base-url', service.baseUrl, '--key-stdin'], 'sk-test\n');

  it('leads from nothing to an Ability that answers by a model', async () => {
    const first = await butler(['run', 'butler', 'Hello']);
    assert.match(first.err, /"Butler" works offline.*butler providers add anthropic/);
    const added = await addHouse();
    assert.equal(added.status, 0, added.err);
    assert.match(added.out, /The key is kept[\s\S]*butler providers test house/);
    assert.doesNotMatch(added.out + added.err, /sk-test/);
    const tested = await butler(['providers', 'test', 'house']);
    assert.match(tested.out, /^house answered after \d+ ms \(small\)\.\n$/);
    assert.equal((await butler(['use', 'butler', 'house:small'])).status, 0);
    const ran = await butler(['run', 'butler', 'Hello']);
    assert.deepEqual([ran.status, ran.out.trim(), ran.err], [0, 'ready', '']);
    assert.deepEqual(new Set(service.keys), new Set(['Bearer sk-test']));
  }).timeout(60_000);

  it('lists, changes and takes back providers', async () => {
    await addHouse();
    await butler(['providers', 'add', 'house', '--model', 'tiny', '--title', 'Ours']);
    const house = (await json<ProviderInfo>('providers')).find(({ name }) => name === 'house');
    assert.deepEqual(
      [house?.title, house?.key, house?.models, house?.ready],
      ['Ours', 'set', ['tiny'], true],
    );
    assert.match(
      (await butler(['providers'])).out,
      /^offline +ready[\s\S]*^anthropic +needs a key[\s\S]*^house +ready/m,
    );
    assert.deepEqual(
      (await json<ModelInfo>('providers', 'models', 'house')).map(({ id }) => id),
      ['small'],
    );
    assert.equal((await butler(['providers', 'remove', 'house'])).status, 0);
    assert.equal(
      (await json<ProviderInfo>('providers')).some(({ name }) => name === 'house'),
      false,
    );
  }).timeout(60_000);

  it('says that the models of an editor are lent in the editor only, though the provider was added', async () => {
    const added = await butler(['providers', 'add', 'editor']);
    assert.match(added.out, /^Saved\. .*in VS Code only.*butler use butler editor/);
    assert.doesNotMatch(added.out, /providers test|providers models/);
    assert.match((await butler(['providers'])).out, /^editor +only in the editor /m);
    const listed = (await json<ProviderInfo>('providers')).find(({ name }) => name === 'editor');
    assert.equal(listed?.ready, false);
    assert.match((await butler(['doctor'])).out, /• providers: Editor: .*in VS Code only/);
    for (const asks of ['test', 'models']) {
      const asked = await butler(['providers', asks, 'editor']);
      assert.equal(asked.status, 1, asked.out);
      assert.match(asked.err, /no Editor here that lends its models\.\nUse it in VS Code/);
    }
  }).timeout(60_000);

  it('says of a provider what is wrong, in the list, the test and the doctor', async () => {
    await addHouse();
    service.refuse(401);
    const tested = await butler(['providers', 'test', 'house']);
    assert.equal(tested.status, 1);
    assert.match(
      tested.err,
      /did not accept the API key\.\nSet a valid key: butler providers add house --key-stdin/,
    );
    assert.match((await butler(['providers'])).out, /^house +needs a valid key/m);
    const { out, status } = await butler(['doctor']);
    assert.equal(status, 0);
    assert.match(out, /• providers: .*did not accept the key last time/);
  }).timeout(60_000);

  it('lets no name, model or failure steer the terminal', async () => {
    const steering = '\u001b]0;Mine\u0007\u009b31m\u202e';
    await addHouse();
    await butler(['providers', 'add', 'house', '--title', `House${steering}`, '--model', `m${steering}`]);
    const file = path.join(stage.workspace, '.butler', 'abilities.json');
    await mkdir(path.dirname(file), { recursive: true });
    const evil = { id: 'evil', name: `Evil${steering}`, provider: 'offline', deliverable: 'document' };
    await writeFile(file, JSON.stringify({ abilities: [evil, { ...evil, id: 'worse', [steering]: 1 }] }));
    const shown: string[] = [];
    for (const args of [
      ['providers'],
      ['providers', 'test', 'house'],
      ['providers', 'test', 'house', '--model', `nope${steering}`],
      ['abilities'],
      ['use', 'evil', 'offline'],
      ['run', 'evil', `Hello ${steering}`],
      ['doctor'],
    ]) {
      const { out, err } = await butler(args);
      shown.push(out + err);
    }
    assert.doesNotMatch(shown.join(''), /[^\P{C}\n\t]/u);
    assert.match(shown.join(''), /House\\u001b/);
  }).timeout(60_000);

  it('shows and changes the settings, one by its name', async () => {
    await addHouse();
    await butler(['settings', 'set', 'fallbacks', 'house:small:latest', 'ollama']);
    await butler(['settings', 'set', 'cloud-fallback', 'on']);
    await butler(['settings', 'set', 'budget.job.usd', '3']);
    await butler(['settings', 'set', 'budget.day.tokens', 'none']);
    const [settings] = await json<Settings>('settings');
    assert.deepEqual(settings?.fallbacks, [
      { provider: 'house', model: 'small:latest' },
      { provider: 'ollama', model: '' },
    ]);
    const { job, day } = settings?.budget ?? {};
    assert.deepEqual([settings?.cloudFallback, job?.usd, day?.tokens], [true, 3, null]);
    assert.match((await butler(['settings'])).out, /^fallbacks +house:small:latest ollama\n/);
  }).timeout(60_000);

  it('says what was spent', async () => {
    await addHouse();
    await butler(['use', 'butler', 'house:small']);
    await butler(['run', 'butler', 'Hello']);
    assert.match((await butler(['costs'])).out, /^today +\$0\.00 +\d+ tokens +1 answer\b/);
    const [job] = await json<Job>('jobs');
    const [spent] = await json<{ job: Spent }>('costs', '--job', job?.id ?? '');
    assert.equal(spent?.job.rounds, 1);
  }).timeout(60_000);

  it('says what is wrong with what it was given, and what mends it', async () => {
    const cases: [string[], RegExp][] = [
      [['providers', 'add', 'house'], /no public address[\s\S]*Give its base URL/],
      [
        ['providers', 'add', 'house', '--kind', 'nonsense'],
        /no kind of provider "nonsense"[\s\S]*Kinds: offline/,
      ],
      [['providers', 'add', 'a b', '--base-url', 'http://127.0.0.1:9'], /"name"/],
      [['providers', 'test', 'nobody'], /There is no provider "nobody"/],
      [['providers', 'remove', 'nobody'], /There is no provider "nobody"/],
      [['settings', 'set', 'nonsense', '1'], /no setting "nonsense"[\s\S]*Settings: fallbacks/],
      [['settings', 'set', 'budget.job.usd', 'much'], /budget\.job\.usd/],
      [['settings', 'set', 'fast', 'nobody'], /There is no provider "nobody"[\s\S]*Choose one of/],
      [['costs', '--since', 'someday'], /That is no date/],
      [['costs', '--job', 'nobody'], /There is no job "nobody"/],
      [['use', 'butler', 'nobody'], /there is no "nobody"/],
    ];
    for (const [args, message] of cases) {
      const ended = await butler(args);
      assert.equal(ended.status, 2, args.join(' '));
      assert.match(ended.err, message);
    }
  }).timeout(60_000);
});
