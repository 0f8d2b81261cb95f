import type { Told } from '../server/protocol/told.ts';

type Fill = (text: string, ...values: (string | number)[]) => string;

/** The person's language: `vscode.l10n.t` for a text of ours, whose `{0}` it fills, and what the worker says. */
export type Translate = Fill & Told;

/** Makes the person's language of its two halves. */
export function translator(fill: Fill, { said, titled }: Told): Translate {
  return Object.assign((text: string, ...values: (string | number)[]) => fill(text, ...values), {
    said,
    titled,
  });
}

const asItIs = (text: string) => text;

/** The language that all texts are written in. */
export const english: Translate = translator(
  (text, ...values) => text.replace(/\{(\d)\}/g, (hole, at) => String(values[Number(at)] ?? hole)),
  { said: asItIs, titled: asItIs },
);
