import type { Locator } from 'playwright-core';
import type { Editor } from './editor.ts';

/** The rows of the pick that hold a text. */
export function rows({ quick }: Editor, text: string | RegExp): Locator {
  return quick.getByRole('option', { name: text });
}

/** Chooses a row of the pick whose question is as said. */
export async function pick(editor: Editor, question: string, text: string): Promise<void> {
  await asked(editor, question);
  await rows(editor, text).click();
}

/** Waits for the pick whose question is as said. */
export function asked({ quick }: Editor, question: string): Promise<void> {
  return quick.getByPlaceholder(question).waitFor();
}

/** Answers an input box whose question holds some words. */
export async function type({ quick, page }: Editor, question: string, text: string): Promise<void> {
  await quick.getByText(question).waitFor();
  await quick.locator('input').first().fill(text);
  await page.keyboard.press('Enter');
}
