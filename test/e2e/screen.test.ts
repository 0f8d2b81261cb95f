import { answers } from './answers.ts';
import { commands } from './commands.ts';
import { delivery } from './delivery.ts';
import { type House, openHouse, packagedExtension } from './house.ts';
import { interruptions } from './interruptions.ts';
import { looks } from './looks.ts';
import { mainJob } from './mainJob.ts';
import { providers } from './providers.ts';
import { restricted } from './restricted.ts';
import { safety } from './safety.ts';
import { safeWork } from './safeWork.ts';
import { statusBar } from './statusBar.ts';
import { twoWindows } from './twoWindows.ts';

describe('on screen, from the packaged extension', function () {
  this.timeout(120_000);
  const at: { house?: House; vsix?: string } = {};
  const vsix = () => at.vsix ?? '';
  const house = () => {
    if (!at.house) throw new Error('The house is not open.');
    return at.house;
  };
  before(async function () {
    this.timeout(180_000);
    at.vsix = packagedExtension();
    at.house = await openHouse(at.vsix);
  });
  after(() => at.house?.close());

  describe('in windows of their own', () => {
    beforeEach(() => house().renewStore());
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await house().shoot(this.currentTest.title);
      await house().closeWindows();
    });
    mainJob(house);
    answers(house);
    interruptions(house);
    twoWindows(house);
    statusBar(house);
    commands(house);
    looks(house);
    delivery(house);
  });

  safety(house);
  safeWork(house);
  providers(vsix);
  restricted(vsix);
});
