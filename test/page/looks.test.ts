import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { axeFaults, overflowing } from './faults.ts';
import { type SceneName, scenes } from './scenes.ts';
import { openStage, type Stage, setTheme } from './stage.ts';
import type { Scene } from './tab.ts';
import { themes } from './themes.ts';

const shots = path.join(import.meta.dirname, '../../build/screenshots');

/** What tells that a scene stands. */
const settled: Record<SceneName, string> = {
  empty: 'Site from README',
  list: 'TODO report',
  job: 'The site stands in',
  question: 'May I do this?',
  diff: 'May I do this?',
  failures: 'Stopped.',
  run: 'Shall I start this job?',
  command: 'In a sandbox: no network',
  looseCommand: 'NOT in a sandbox',
  runningCommand: 'Compiling the pages',
  toldQuestion: 'I have a question',
  batch: '3 like requests wait for you',
  publication: 'Public: anyone can see it',
  publicationThere: 'Whoever the server lets in',
  publications: 'Replaced by a newer version',
  delivered: 'The sea',
  atWork: 'Keep the old headings.',
  unreachable: 'goes on in place of',
  versions: 'Tromsø',
  forked: 'May I do this?',
  forkedMidway: 'Die Gezeiten.',
  untrusted: 'Restricted Mode',
  starting: 'Starting the butler',
};

/** Scenes of which more than a screen is looked at. */
const heights: Partial<Record<SceneName, number>> = { publications: 1_600 };

/** The sizes in which nothing may need sideways scrolling. */
const sizes = {
  'a side bar of 220 px': { width: 220, height: 800 },
  '200 % zoom': { width: 300, height: 450 },
};

describe('the look of the page', function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    await mkdir(shots, { recursive: true });
    stage = await openStage();
  });

  for (const name of Object.keys(scenes) as SceneName[]) {
    describe(name, () => {
      let scene: Scene;
      before(async () => {
        scene = await stage.open({ prepare: scenes[name], height: heights[name] ?? 800 });
        await scene.page.getByText(settled[name]).first().waitFor();
      });
      after(() => stage.done(scene.page));
      afterEach(() => assert.deepEqual(scene.offences, []));

      for (const theme of themes) {
        it(`has no fault that axe finds in ${theme}`, async () => {
          await setTheme(scene.page, theme);
          await scene.page.screenshot({ path: path.join(shots, `page-${name}-${theme}.png`) });
          assert.deepEqual(await axeFaults(scene.page), []);
        });
      }

      for (const [label, size] of Object.entries(sizes)) {
        it(`needs no sideways scrolling in ${label}`, async () => {
          await scene.page.setViewportSize(size);
          await setTheme(scene.page, 'dark');
          await scene.page.screenshot({ path: path.join(shots, `page-${name}-${size.width}.png`) });
          assert.equal(await overflowing(scene.page), '');
          assert.deepEqual(await axeFaults(scene.page), []);
        });
      }
    });
  }
});
