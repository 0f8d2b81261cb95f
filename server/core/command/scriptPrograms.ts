import type { Judged, Means, ProgramTable, ReadArguments } from './programRule.ts';

/** Programs that are given a small program of their own as a word: only what is known to be harmless is understood. */
export const scriptPrograms: ProgramTable = {
  sed: {
    flags: 'n E r s u z --quiet --silent --regexp-extended --null-data',
    values: { '-e': 'text', '--expression': 'text' },
    operands: ['text'],
    judge: (read) => edited(read, false),
  },
  /** `sed -i`, told apart because what follows the letter is a suffix. */
  'sed in place': {
    flags: 'n E r s u z --quiet --silent --regexp-extended --null-data',
    values: { '-e': 'text', '--expression': 'text' },
    operands: ['text'],
    judge: (read) => edited(read, true),
  },
  awk: awk(),
  gawk: awk(),
  mawk: awk(),
  find: {
    oneDash: true,
    flags:
      'L H P a o and or not print print0 empty prune depth mount xdev ls true false nogroup nouser readable writable executable daystart follow',
    values: Object.fromEntries(
      [
        ...[
          '-name',
          '-iname',
          '-path',
          '-ipath',
          '-wholename',
          '-iwholename',
          '-regex',
          '-iregex',
          '-regextype',
        ],
        ...[
          '-type',
          '-xtype',
          '-maxdepth',
          '-mindepth',
          '-size',
          '-mtime',
          '-mmin',
          '-atime',
          '-amin',
          '-ctime',
        ],
        ...['-cmin', '-perm', '-user', '-group', '-links', '-inum', '-printf'],
      ].map((name) => [name, 'text'] as const),
    ),
    operands: ['text'],
    judge: searched,
  },
  fd: {
    flags: 'H I s i g F a l p 0 1 --hidden --no-ignore --glob --fixed-strings --absolute-path',
    values: {
      '-t': 'text',
      '-e': 'text',
      '-d': 'text',
      '-E': 'text',
      '--type': 'text',
      '--extension': 'text',
    },
    operands: ['text', 'read'],
  },
};

function awk() {
  return {
    values: { '-F': 'text', '-v': 'text' },
    operands: ['text', 'read'],
    least: 1,
    judge: ({ operands, options }: ReadArguments): Judged =>
      isHarmlessAwk(operands[0] ?? '') && options.every(({ value }) => !value?.includes('\\'))
        ? {}
        : { reasons: ['Its `awk` program may run or write more.'] },
  } as const;
}

/** Without a pipe, a redirection, an include or a call that runs something. */
function isHarmlessAwk(program: string): boolean {
  return !/[|>@<`]|\b(system|getline|close|fflush|include|load|ENVIRON|PROCINFO|ARGV)\b/.test(program);
}

/** Scripts of `sed` that only print, delete or replace text; `e`, `w`, `r` and the like do more. */
function edited({ options, operands }: ReadArguments, inPlace: boolean): Judged {
  const given = options.filter(({ name }) => name === '-e' || name === '--expression');
  const scripts = given.length > 0 ? given.map(({ value }) => value ?? '') : operands.slice(0, 1);
  const files = given.length > 0 ? operands : operands.slice(1);
  const reasons =
    scripts.length > 0 && scripts.every(isHarmlessSed) ? [] : ['Its `sed` script may run or write more.'];
  if (inPlace && given.length === 0 && files.length > 1) {
    reasons.push('Not every `sed` takes the first word behind `-i` for the script.');
  }
  if (inPlace && files.length === 0) reasons.push('It is not known what `sed` would change.');
  return { reasons, means: files.map((file): [Means, string] => [inPlace ? 'change' : 'read', file]) };
}

/** A set of letters as one piece, a `]` in the first place among them: no delimiter stands in it. */
const letters = (end: string) =>
  String.raw`\[(?:\^(?:\]|(?!\]))|\]|(?![\]^]))(?:\[:[a-z]+:\]|(?!${end})[^\]\[\\\n]|\\[^\]\n])*\]`;
const pattern = (end: string) => String.raw`(?:${letters(end)}|(?!${end})[^\[\\\n]|\\[^\n])*`;
const address = String.raw`(?:\d+|\$|/${pattern('/')}/)`;
const command = String.raw`(?:[pdqG=]|s([/|#,@])${pattern(String.raw`\1`)}\1(?:(?!\1)[^\\\n]|\\[^\n])*\1[gpI0-9]*)`;
const sedCommand = new RegExp(String.raw`^(?:${address}(?:,(?:${address}|[+~]\d+))?)?\s*!?\s*${command}$`);

function isHarmlessSed(script: string): boolean {
  return script.length <= 2000 && sedCommand.test(script.trim());
}

/** Where `find` looks; grouping and `!` are no places. */
function searched({ operands }: ReadArguments): Judged {
  const places = operands.filter((one) => !['(', ')', '!', ','].includes(one));
  return { means: places.map((place): [Means, string] => ['read', place]) };
}
