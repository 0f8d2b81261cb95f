import type { Word } from './plain.ts';
import type { Means, ProgramRule, ReadArguments } from './programRule.ts';

/** The arguments of a program as its rule reads them, what each means, and why the rest is not understood. */
export interface Told extends ReadArguments {
  readonly means: readonly (readonly [Means, Word])[];
  readonly reasons: readonly string[];
}

/** Tells options and operands apart. */
export function readArguments(name: string, rule: ProgramRule, words: readonly Word[]): Told {
  const told: Building = { options: [], operands: [], means: [], reasons: [] };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift() as Word;
    if (word.value === '--') {
      if (rule.handsOn !== 'dashes') told.operands.push(...rest);
      break;
    }
    if (word.value.startsWith('-') && word.value !== '-') {
      readOption(name, rule, word, rest, told);
      continue;
    }
    told.operands.push(word);
    if (rule.handsOn === 'first') break;
  }
  placeOperands(name, rule, told);
  return { ...told, operands: told.operands.map(({ value }) => value) };
}

interface Building {
  readonly options: { name: string; value: string | null }[];
  readonly operands: Word[];
  readonly means: (readonly [Means, Word])[];
  readonly reasons: string[];
}

/** Gives each operand its meaning by its place. */
function placeOperands(name: string, rule: ProgramRule, told: Building): void {
  const row = rule.operands ?? [];
  const shift = told.options.some((one) => listed(rule.instead).has(one.name)) ? 1 : 0;
  for (const [at, word] of told.operands.entries()) {
    const means = row[at + shift] ?? row.at(-1);
    if (means) told.means.push([means, word]);
    else told.reasons.push(`It is not known what \`${word.value.slice(0, 60)}\` is to \`${name}\`.`);
  }
  if (told.operands.length + shift < (rule.least ?? 0)) {
    told.reasons.push(`\`${name}\` without a file takes what to do from its input.`);
  }
}

function readOption(name: string, rule: ProgramRule, word: Word, rest: Word[], told: Building): void {
  const { value: text } = word;
  if (word.glob) told.reasons.push(`An option of \`${name}\` is a pattern for files.`);
  if (/^-\d+$/.test(text) && listed(rule.flags).has('#')) told.options.push({ name: '-#', value: text });
  else if (text.startsWith('--') || rule.oneDash) readLong(name, rule, word, rest, told);
  else readShort(name, rule, word, rest, told);
}

function readLong(name: string, rule: ProgramRule, word: Word, rest: Word[], told: Building): void {
  const [option = '', ...parts] = word.value.split('=');
  const attached = word.value.includes('=') ? parts.join('=') : null;
  const valued = Object.keys(rule.values ?? {}).find((one) => one === option);
  if (valued) takeValue(name, rule, valued, attached, rest, told);
  else if (isHarmless(rule, option)) told.options.push({ name: option, value: attached });
  else told.reasons.push(strange(name, option));
}

/** Letters behind one dash; the first that takes a value has the rest of the word as it. */
function readShort(name: string, rule: ProgramRule, word: Word, rest: Word[], told: Building): void {
  const letters = [...word.value.slice(1)];
  for (const [at, letter] of letters.entries()) {
    const option = `-${letter}`;
    if (Object.hasOwn(rule.values ?? {}, option)) {
      const attached = letters.slice(at + 1).join('');
      takeValue(name, rule, option, attached === '' ? null : attached, rest, told);
      return;
    }
    if (!isHarmless(rule, option)) {
      told.reasons.push(strange(name, option));
      return;
    }
    told.options.push({ name: option, value: null });
  }
}

function takeValue(
  name: string,
  rule: ProgramRule,
  option: string,
  attached: string | null,
  rest: Word[],
  told: Building,
): void {
  const word = attached === null ? rest.shift() : { raw: attached, value: attached, glob: false };
  if (!word) {
    told.reasons.push(`\`${option}\` of \`${name}\` has no value.`);
    return;
  }
  if (attached === null && /^-[^\d]/.test(word.value)) {
    told.reasons.push(
      `\`${word.value.slice(0, 60)}\` may be an option of \`${name}\` or a value of another.`,
    );
  }
  told.options.push({ name: option, value: word.value });
  told.means.push([rule.values?.[option] ?? 'text', word]);
}

/** Whether an option without a value is listed; where any is, it must not be one that is not, nor short for one. */
function isHarmless(rule: ProgramRule, option: string): boolean {
  const flags = listed(rule.flags);
  if (flags.has(option) || ((option.length === 2 || rule.oneDash) && flags.has(option.slice(1)))) return true;
  if (!flags.has('*')) return false;
  const special = [...Object.keys(rule.values ?? {}), ...listed(rule.unsafe)];
  return !special.some((one) => one === option || (one.startsWith('--') && one.startsWith(option)));
}

function listed(words: string | undefined): ReadonlySet<string> {
  return new Set(words?.split(' '));
}

function strange(name: string, option: string): string {
  return `\`${option.slice(0, 60)}\` is no option of \`${name}\` that is known to be harmless.`;
}
