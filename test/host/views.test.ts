import assert from 'node:assert/strict';
import { MarkdownString } from 'vscode';
import { activeParts, until } from './parts.ts';

describe('the views', () => {
  it('list the Abilities that come with the butler, with words for a screen reader', async () => {
    const { abilities } = await activeParts();
    const listed = await abilities.getChildren();
    assert.ok(listed.some(({ id }) => id === 'site-from-readme'));
    for (const ability of listed) {
      const item = abilities.getTreeItem(ability);
      assert.ok(item.accessibilityInformation?.label);
      assert.ok(item.tooltip instanceof MarkdownString && !item.tooltip.isTrusted);
      assert.match(item.contextValue ?? '', /^ability\./);
    }
  });

  it('have no job and so show their welcome at first', async () => {
    const { jobs } = await activeParts();
    assert.deepEqual(await jobs.getChildren(), []);
  });

  it('show the chat page, which greets the extension from its frame', async () => {
    const { chat } = await activeParts();
    const greeted = until(
      chat.onReady,
      (() => {
        let times = 0;
        return () => times++ > 0;
      })(),
    );
    await chat.show({ session: null });
    await greeted;
    assert.equal(chat.visible, true);
  });
});
