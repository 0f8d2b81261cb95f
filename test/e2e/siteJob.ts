import type { Locator } from 'playwright-core';
import { beSeen, type Editor } from './editor.ts';

export const siteText = 'Publish the docs as a site';

/** Begins a session with *Site from README* by its inline action in the tree, and hands the main job over. */
export async function handOverSite(editor: Editor): Promise<void> {
  await editor.openButler();
  const row = editor.row('Abilities', 'Site from README').first();
  await row.hover();
  await row.getByRole('button', { name: 'Start Session with Ability' }).click();
  await editor.chat.getByRole('heading', { name: 'New session' }).waitFor();
  await editor.say(siteText);
}

/** The question in the chat. */
export function questionIn({ chat }: Editor): Locator {
  return chat.getByRole('region', { name: /^Approval: / });
}

/** The card of what was delivered. */
export function deliverableIn({ chat }: Editor): Locator {
  return chat.getByRole('region', { name: /^Deliverable: / });
}

/** What the conversation says. */
export function answerIn({ chat }: Editor, text: string | RegExp): Locator {
  return chat.getByRole('region', { name: 'Conversation' }).getByText(text);
}

/** Approves in the chat once the question was in sight for long enough. */
export async function approve(editor: Editor): Promise<void> {
  const question = questionIn(editor);
  await question.waitFor();
  const button = question.getByRole('button', { name: 'Approve', exact: true });
  await button.scrollIntoViewIfNeeded();
  await beSeen(editor);
  await button.click();
}
