import { type Told, teller } from '../server/protocol/told.ts';
import { conversationWords } from './words/conversation.ts';
import { deliveryWords } from './words/delivery.ts';
import { pageWords } from './words/page.ts';
import { safetyWords } from './words/safety.ts';

/** Every text of the page, in English; the extension may override each by its key for another language. */
export const strings = { ...pageWords, ...conversationWords, ...safetyWords, ...deliveryWords };

export type TextKey = keyof typeof strings;

/** The person's language: gives a text of the page by its key, with `{name}` in it replaced, and what the worker says. */
export type Text = ((key: TextKey, values?: Readonly<Record<string, string | number>>) => string) & Told;

/** Makes the function that gives texts, the overrides before the English ones, of the worker's too. */
export function texts(
  overrides: Readonly<Record<string, string>>,
  sentences: Readonly<Record<string, string>> = {},
): Text {
  const text = (key: TextKey, values: Readonly<Record<string, string | number>> = {}) =>
    (overrides[key] ?? strings[key]).replace(/\{(\w+)\}/g, (hole, name: string) =>
      String(values[name] ?? hole),
    );
  return Object.assign(text, teller(sentences));
}
