import assert from 'node:assert/strict';
import { setStage } from '../../support/stage.ts';
import { hire, says, scripted } from './crew.ts';

describe('a tool that needs what is not there', function () {
  this.timeout(60_000);

  /** The tools that a model is told of, where the environment lends these keys. */
  async function told(environment: Record<string, string>): Promise<string[]> {
    const stage = await setStage({ serve: false, environment });
    const { provider, asked } = scripted(says('Done.'));
    const hand = hire(stage, 'worker', { providers: () => [provider] });
    try {
      await stage.end(await stage.hand('butler', 'Hello'));
      return (asked[0]?.tools ?? []).map(({ name }) => name);
    } finally {
      await hand.stop();
      await stage.close();
    }
  }

  it('is told to a model only where it can work: pictures and speech with a provider, insight with an editor', async () => {
    const without = await told({});
    const withKey = await told({ OPENAI_API_KEY: ['test', 'key'].join('-') });
    const media = ['make_image', 'make_speech'];
    assert.deepEqual(
      withKey.filter((name) => !without.includes(name)),
      media,
    );
    const withVideos = await told({ GEMINI_API_KEY: ['test', 'key'].join('-') });
    assert.deepEqual(
      withVideos.filter((name) => !without.includes(name)),
      [...media, 'make_video'],
    );
    for (const name of ['read_git', 'commit', 'switch_branch', 'fetch_page', 'ask_person']) {
      assert.ok(without.includes(name), name);
    }
    for (const name of ['read_diagnostics', 'find_symbols']) assert.ok(!without.includes(name), name);
  });
});
