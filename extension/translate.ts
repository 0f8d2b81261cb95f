/** Translates a text and fills its `{0}`, as `vscode.l10n.t` does. */
export type Translate = (text: string, ...values: (string | number)[]) => string;
