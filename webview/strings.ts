import { conversationWords } from './words/conversation.ts';
import { deliveryWords } from './words/delivery.ts';
import { pageWords } from './words/page.ts';
import { safetyWords } from './words/safety.ts';

/** Every text of the page, in English; the extension may override each by its key for another language. */
export const strings = { ...pageWords, ...conversationWords, ...safetyWords, ...deliveryWords };

export type TextKey = keyof typeof strings;

/** Gives a text by its key, with `{name}` in it replaced. */
export type Text = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

/** Makes the function that gives texts, the overrides before the English ones. */
export function texts(overrides: Readonly<Record<string, string>>): Text {
  return (key, values = {}) =>
    (overrides[key] ?? strings[key]).replace(/\{(\w+)\}/g, (hole, name: string) =>
      String(values[name] ?? hole),
    );
}
