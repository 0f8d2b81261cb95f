import { readArguments } from './arguments.ts';
import { addMeaning, byLink, byPattern, type Gathered } from './meanings.ts';
import { goesUpFromName, joined } from './paths.ts';
import type { Word } from './plain.ts';
import type { Judged, ProgramRule } from './programRule.ts';
import type { Touch } from './understanding.ts';

/** What a call of a program would touch and reach, and why nobody can tell more. */
export interface Known {
  readonly touches: readonly Touch[];
  readonly hosts: readonly string[];
  readonly reasons: readonly string[];
}

/** Judges one call by the rule of its program; `folder` is where it runs, from where the command begins. */
export function judgeProgram(name: string, rule: ProgramRule, words: readonly Word[], folder: string): Known {
  if (rule.unclear) return { touches: [], hosts: [], reasons: [rule.unclear] };
  if (rule.tasks) return judgeTask(name, rule, words, folder);
  const told = readArguments(name, rule, words);
  const judged = rule.judge?.(told);
  const known: Gathered = { touches: [], hosts: [...(rule.hosts ?? [])], reasons: [...told.reasons] };
  known.reasons.push(...(judged?.reasons ?? []));
  for (const path of rule.writes ?? []) addMeaning(name, 'write', plainWord(path), folder, known);
  for (const [means, word] of told.means) addMeaning(name, means, word, folder, known);
  addJudged(name, judged, words, folder, known);
  return known;
}

/** A word that stands for itself. */
export function plainWord(value: string): Word {
  return { raw: value, value, glob: false };
}

/** Adds what the rule made of the words; a pattern for files keeps being one. */
function addJudged(
  name: string,
  judged: Judged | undefined,
  words: readonly Word[],
  folder: string,
  known: Gathered,
): void {
  const { means = [], inFolder = [] } = judged ?? {};
  const patterns = words.filter(({ glob }) => glob);
  for (const [meaning, value] of means) {
    const pattern = patterns.find((word) => word.value === value);
    addMeaning(name, meaning, pattern ?? plainWord(value), folder, known);
  }
  for (const path of inFolder) {
    if (goesUpFromName(folder, path)) known.reasons.push(byLink);
    known.touches.push({ act: 'write', path: joined(folder, path), inFolder: true });
  }
  const isTold = patterns.every(({ value }) => means.some(([, one]) => one === value));
  if (patterns.length > 0 && (inFolder.length > 0 || (means.length > 0 && !isTold)))
    known.reasons.push(byPattern);
}

/** A program whose first operand says what it does: the options before it are its own, the rest are of the task. */
function judgeTask(name: string, rule: ProgramRule, words: readonly Word[], folder: string): Known {
  const { tasks = {}, ...own } = rule;
  const at = taskPlace(own, words);
  const task = words[at]?.value ?? '';
  const head = judgeProgram(name, own, words.slice(0, at), folder);
  if (at >= words.length) {
    return { ...head, reasons: [...head.reasons, `\`${name}\` is not told what to do.`] };
  }
  const found = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (!found) {
    return { ...head, reasons: [...head.reasons, `\`${name} ${task.slice(0, 60)}\` is not known here.`] };
  }
  const body = judgeProgram(`${name} ${task}`, found, words.slice(at + 1), folder);
  return {
    touches: [...head.touches, ...body.touches],
    hosts: [...head.hosts, ...body.hosts],
    reasons: [...head.reasons, ...body.reasons],
  };
}

/** Where the task stands behind the program's own options. */
function taskPlace({ values = {} }: ProgramRule, words: readonly Word[]): number {
  let at = 0;
  while (words[at]?.value.startsWith('-')) at += Object.hasOwn(values, words[at]?.value ?? '') ? 2 : 1;
  return at;
}
