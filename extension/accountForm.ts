import type { CredentialField, TargetAccount } from '../server/protocol/target.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Answers, Choice, Step } from './wizard.ts';

/** Where the text of a field with several lines comes from; an input box would lose them. */
export const linesFrom = { file: 'file', clipboard: 'clipboard', nowhere: '' } as const;

/** Characters of a field that are kept at most. */
export const longestField = 20_000;

/**
 * The questions for what an account wants to know; the first one says how to come by it. Where one that is `connected`
 * is signed in to anew, what is left empty stays as it is.
 */
export function accountSteps(
  { fields, help, signIn }: TargetAccount,
  connected: boolean,
  t: Translate,
): Step[] {
  const stays = connected && signIn;
  const steps = fields.map((field) => (field.lines ? linesStep(field, t) : textStep(field, stays, t)));
  const [first, ...others] = steps;
  if (!first) return [];
  return [{ ...first, question: `${first.question} ${helpWords(help, t)}`.trim() }, ...others];
}

/** How to come by what an account wants to know. */
export function helpWords(help: string, t: Translate): string {
  return plainText(t.said(help), 800);
}

/** What was entered, by the names of the fields; one left empty is left out, blanks around a word are cut off. */
export function valuesOf({ fields }: TargetAccount, answers: Answers): Record<string, string> {
  const entered = fields.flatMap(({ name, shown }) => {
    const typed = answers[name] ?? '';
    const value = shown ? typed.trim() : typed;
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entered);
}

/** What is wrong with the text of a field, or `null`. */
export function wrongInCredential({ title, optional }: CredentialField, text: string, t: Translate) {
  if (text.trim() === '' && !optional) return t('{0} is needed.', titleWords(title, t));
  return text.length > longestField ? t('That is too long; 20,000 characters fit.') : null;
}

function textStep(field: CredentialField, stays: boolean, t: Translate): Step {
  const asked = { ...field, optional: field.optional || stays };
  const hint = stays ? t('Leave it empty to keep what is there') : t('May stay empty');
  return {
    kind: 'text',
    key: field.name,
    question: questionOf(field, t),
    ...(asked.optional ? { hint } : {}),
    secret: field.shown !== true,
    wrong: (text) => wrongInCredential(asked, text, t),
  };
}

function linesStep(field: CredentialField, t: Translate): Step {
  const rows: Choice[] = [
    { label: `$(file) ${t('Take it from a file…')}`, value: linesFrom.file },
    { label: `$(clippy) ${t('Take it from the clipboard')}`, value: linesFrom.clipboard },
  ];
  const none: Choice = { label: `$(dash) ${t('Leave it empty')}`, value: linesFrom.nowhere };
  return {
    kind: 'pick',
    key: field.name,
    question: questionOf(field, t),
    choices: field.optional ? [none, ...rows] : rows,
  };
}

function questionOf({ title, description }: CredentialField, t: Translate): string {
  return `${titleWords(title, t)}: ${plainText(t.said(description))}`.trim();
}

function titleWords(title: string, t: Translate): string {
  return plainText(t.said(title), 80);
}
