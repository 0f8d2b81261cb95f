/** Takes secrets out of text before it reaches a model, the journal, a log, a screen or an artefact (SECURITY S13). */
export interface Redactor {
  /** The text with each secret, known by value or by its form, put out of sight. */
  clean(text: string): string;
  /** The same for text that comes in pieces: a secret cut in two is found; `end` gives what was held back. */
  stream(): { push(text: string): string; end(): string };
}
