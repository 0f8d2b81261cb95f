import type { ShellName } from '../ports/shell.ts';
import { settingReason } from './environment.ts';
import { judgeProgram, type Known } from './judgeProgram.ts';
import type { PlainCommand, Redirection, Word } from './plain.ts';
import type { ProgramRule } from './programRule.ts';
import { resolve } from './resolve.ts';
import type { Program, Touch } from './understanding.ts';
import { peel } from './wrappers.ts';

/** One program with what it is known to do, and why that may not be all. */
export function judgePlain(
  { words, assignments, redirections }: PlainCommand,
  folder: string,
  shell: ShellName,
): { program: Program; reasons: readonly string[] } {
  const reasons = assignments.flatMap(({ value }) => settingReason(value) ?? []);
  const peeled = peel(words);
  reasons.push(...peeled.reasons);
  const { name, rule, rest, file, known } = resolve(peeled.words, peeled.isOfWorkspace);
  if (!(rule?.flags === '*' && !rule.values)) reasons.push(...patternReasons(words));
  const others = [...assignments, ...redirections.map(({ target }) => target)];
  const firm = name === 'echo' ? others : [...others, ...words];
  if (firm.some(({ status }) => status)) reasons.push(numberedWord);
  const judged = rule
    ? judgeProgram(name, rule, rest, folder)
    : { touches: [], hosts: [], reasons: strangeName(peeled.words[0], shell) };
  const files = judgeProgram('the shell', streams, streamWords(redirections), folder);
  const own: Known = file ? judgeProgram(name, runs, [plain(file)], folder) : nothing;
  const touches: Touch[] = [...own.touches, ...judged.touches, ...files.touches];
  return {
    program: {
      argv: peeled.words.map(({ value }) => value),
      touches,
      hosts: [...new Set([...peeled.hosts, ...judged.hosts])],
      known,
    },
    reasons: [...reasons, ...own.reasons, ...judged.reasons, ...files.reasons],
  };
}

const numberedWord = 'It puts the number with which a program ended into a word.';
const nothing: Known = { touches: [], hosts: [], reasons: [] };
const runs: ProgramRule = { operands: ['script'] };

/** Redirections, put as options of a program, so that their files are judged like any others. */
const streams: ProgramRule = { values: { '--in': 'read', '--out': 'write' } };

function streamWords(redirections: readonly Redirection[]): Word[] {
  return redirections.flatMap(({ operator, target }) => {
    if (operator === '>&' || operator.startsWith('<<')) return [];
    return [plain(operator === '<' ? '--in' : '--out'), target];
  });
}

function plain(value: string): Word {
  return { raw: value, value, glob: false };
}

/** Patterns for files that could become options, or the program itself. */
function patternReasons(words: readonly Word[]): string[] {
  return words.flatMap(({ glob, raw }, at) =>
    glob && (at === 0 || !/^[A-Za-z0-9_./]/.test(raw))
      ? ['It holds a pattern for files that may become an option.']
      : [],
  );
}

/** A name that no program of this system is likely to have, or that the shell takes for something else. */
function strangeName(word: Word | undefined, shell: ShellName): string[] {
  const name = word?.value ?? '';
  const isPlain = /^[A-Za-z0-9_./+-]+$/.test(name) && !name.startsWith('-') && !/^\.+$/.test(name);
  const fits = shell === 'bash' ? isPlain : isPlain || /^[A-Za-z0-9_.\\+-]+$/.test(name);
  return fits ? [] : ['Its first word is no plain name of a program.'];
}
