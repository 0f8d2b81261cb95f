import { type CommandModel, openCommandModel } from './commandModel.ts';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { beginSession, openCommander } from './ownModel.ts';

/** A window that the tests of a suite share, and the model on the loopback that works in it. */
export interface SharedWindow {
  readonly editor: Editor;
  readonly model: CommandModel;
}

/** Opens a window with a store of its own for all tests of a suite, each of which begins in a new session. */
export function shareWindow(house: () => House, name: string): () => SharedWindow {
  const at: { shared?: SharedWindow } = {};
  const shared = () => {
    if (!at.shared) throw new Error('The window is not open.');
    return at.shared;
  };
  before(async () => {
    await house().renewStore();
    const model = await openCommandModel();
    await house().setMachine({ 'butler.anthropic.baseUrl': model.url });
    at.shared = { model, editor: await openCommander(house(), name) };
  });
  beforeEach(() => beginSession(shared().editor));
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await house().shoot(this.currentTest.title);
  });
  after(async () => {
    await house().closeWindows();
    await house().setMachine({ 'butler.anthropic.baseUrl': '' });
    await at.shared?.model.close();
  });
  return shared;
}
