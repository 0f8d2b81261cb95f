import { CancellationError, LanguageModelError } from 'vscode';
import { type Failure, failures } from '../server/protocol/failure.ts';

/** What went wrong with a model of the editor, as a failure of the catalogue. */
export function modelFailure(error: unknown, model: string): Failure {
  if (error instanceof CancellationError) return failures.cancelled('The answer was stopped.');
  const words = wordsOf(error);
  const code = error instanceof LanguageModelError ? error.code : '';
  const [, failure] = signs.find(([sign]) => sign.test(code) || sign.test(words)) ?? [];
  return (failure ?? failures.overloaded)(model);
}

const noConsent = (model: string): Failure =>
  failures.denied(
    `The editor does not let Virtual Butler use "${model}".`,
    'Allow it when the editor asks, or by "Manage Language Model Access" in the Accounts menu.',
  );

const notSignedIn = (model: string): Failure => ({
  ...failures.auth(model),
  what: `The editor is not signed in to what brings "${model}".`,
  mend: 'Sign in to that extension, as GitHub Copilot, then try again.',
});

/**
 * What the codes and the words of errors tell. The editor has three codes (NoPermissions, Blocked, NotFound),
 * and hands on the words of those who bring the models; the first that fits counts.
 */
const signs: readonly (readonly [RegExp, (model: string) => Failure])[] = [
  [/cancel/i, () => failures.cancelled('The answer was stopped.')],
  [/NoPermissions|consent|not allowed/i, noConsent],
  [/\bNotFound\b|no such model|unknown model/i, (model) => failures.notFound('model', model)],
  [/quota|rate.?limit|too many requests|\b429\b|usage limit/i, (model) => failures.limited(model)],
  [/sign.?in|signed out|unauthori[sz]ed|\b401\b|authenticat/i, notSignedIn],
  [/filter|responsible ai|off.?topic|refus/i, failures.refused],
  [/too long|too large|context (window|length)|token limit|exceeds.{0,30}tokens/i, failures.tooLong],
  [
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|fetch failed|network|offline/i,
    (model) => failures.offline(`The service behind "${model}" cannot be reached.`),
  ],
  [/Blocked/, (model) => failures.limited(model)],
];

/** The error's own words, with those of whatever caused it. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${wordsOf(error.cause)}`;
}
