import type { Judged, ProgramRule, ProgramTable, ReadArguments } from './programRule.ts';

/** Programs that read text and tell something of it, and such that tell of the machine. */
export const textPrograms: ProgramTable = {
  echo: { flags: '*', operands: ['text'] },
  printf: { operands: ['text'] },
  true: { operands: ['text'] },
  false: { operands: ['text'] },
  ':': { operands: ['text'] },
  exit: { operands: ['text'] },
  sleep: { operands: ['text'] },
  seq: { flags: 'w', values: { '-s': 'text', '-f': 'text' }, operands: ['text'] },
  whoami: {},
  id: { flags: 'u g n G r', operands: ['text'] },
  groups: { operands: ['text'] },
  uname: { flags: '*' },
  arch: {},
  nproc: { flags: '--all' },
  uptime: { flags: 'p s' },
  date: {
    flags: 'u R I --utc --iso-8601 --rfc-email',
    values: { '-d': 'text', '--date': 'text' },
    operands: ['text'],
    judge: told,
  },
  which: { flags: 'a', operands: ['text'] },
  type: { flags: 'a t p P f', operands: ['text'] },
  env: {},
  printenv: { operands: ['text'] },
  ps: {
    flags: 'a e f x u l A --forest',
    values: { '-o': 'text', '-p': 'text', '-C': 'text', '-u': 'text' },
    operands: ['text'],
  },
  test: {
    flags: 'f d e r w x s n z L h b c p eq ne lt le gt ge nt ot ef',
    oneDash: true,
    operands: ['text'],
    judge: tested,
  },
  set: { flags: 'e u', values: { '-o': 'text' }, judge: strictly },
  head: {
    flags: 'q v z #',
    values: { '-n': 'text', '-c': 'text', '--lines': 'text', '--bytes': 'text' },
    operands: ['read'],
  },
  tail: {
    flags: 'q v z r f F #',
    values: { '-n': 'text', '-c': 'text', '--lines': 'text', '--bytes': 'text' },
    operands: ['read'],
  },
  wc: { flags: 'c l L m w --lines --words --bytes --chars', operands: ['read'] },
  nl: { flags: 'p', values: { '-b': 'text', '-w': 'text', '-s': 'text', '-n': 'text' }, operands: ['read'] },
  rev: { operands: ['read'] },
  cut: {
    flags: 's --complement --only-delimited',
    values: {
      '-d': 'text',
      '-f': 'text',
      '-c': 'text',
      '-b': 'text',
      '--delimiter': 'text',
      '--fields': 'text',
    },
    operands: ['read'],
  },
  tr: { flags: 'c C d s t', operands: ['text'] },
  paste: { flags: 's z', values: { '-d': 'text' }, operands: ['read'] },
  fold: { flags: 's b', values: { '-w': 'text' }, operands: ['read'] },
  column: { flags: 't', values: { '-s': 'text' }, operands: ['read'] },
  expand: { values: { '-t': 'text' }, operands: ['read'] },
  comm: { flags: '1 2 3', operands: ['read'] },
  join: { values: { '-t': 'text', '-1': 'text', '-2': 'text', '-j': 'text' }, operands: ['read'] },
  strings: { flags: 'a', values: { '-n': 'text' }, operands: ['read'] },
  od: {
    flags: 'c x b',
    values: { '-A': 'text', '-t': 'text', '-N': 'text', '-j': 'text' },
    operands: ['read'],
  },
  hexdump: { flags: 'C c x b d o v', values: { '-n': 'text', '-s': 'text' }, operands: ['read'] },
  xxd: {
    flags: 'p u b i',
    values: { '-l': 'text', '-s': 'text', '-c': 'text', '-g': 'text' },
    operands: ['read', 'write'],
  },
  base64: { flags: 'd i D --decode', values: { '-w': 'text' }, operands: ['read'] },
  sort: {
    flags: 'b d f g h i M n r R s u V z c C --unique --reverse --numeric-sort --stable',
    values: {
      '-k': 'text',
      '-t': 'text',
      '-o': 'write',
      '--key': 'text',
      '--output': 'write',
      '--field-separator': 'text',
    },
    operands: ['read'],
  },
  uniq: {
    flags: 'c d D i u z',
    values: { '-f': 'text', '-s': 'text', '-w': 'text' },
    operands: ['read', 'write'],
  },
  tee: { flags: 'a i --append', operands: ['write'] },
  diff: {
    flags:
      'a b B c d e i n N q r s t T u w y --unified --brief --recursive --ignore-all-space --color --stat',
    values: { '-U': 'text', '-C': 'text', '-x': 'text', '--exclude': 'text', '-W': 'text' },
    operands: ['read'],
  },
  grep: searching(),
  egrep: searching(),
  fgrep: searching(),
  rg: {
    flags:
      'i n l c v w x o s S F H I L N U a u q --files --hidden --no-ignore --json --stats --no-heading --heading --count --files-with-matches --line-number --ignore-case --fixed-strings --multiline --type-list --column --trim --sort-files --color --no-messages --invert-match --word-regexp --smart-case --only-matching --vimgrep',
    values: {
      ...{
        '-e': 'text',
        '-g': 'text',
        '-t': 'text',
        '-T': 'text',
        '-A': 'text',
        '-B': 'text',
        '-C': 'text',
        '-m': 'text',
      },
      ...{
        '--glob': 'text',
        '--type': 'text',
        '--max-count': 'text',
        '--max-depth': 'text',
        '-d': 'text',
        '-M': 'text',
      },
      ...{ '--context': 'text', '--sort': 'text', '-r': 'text', '--replace': 'text', '--regexp': 'text' },
    },
    operands: ['text', 'read'],
    instead: '-e --regexp --files --type-list',
  },
  jq: {
    flags:
      'r c s n e M C S j a --raw-output --compact-output --slurp --null-input --exit-status --sort-keys --tab',
    values: { '--indent': 'text' },
    operands: ['text', 'read'],
    judge: filtered,
  },
};

function searching(): ProgramRule {
  return {
    flags:
      'i n l c v w x o s q r R E F G P H h L a U z # --recursive --ignore-case --line-number --count --color --colour --invert-match --files-with-matches --files-without-match --word-regexp --fixed-strings --extended-regexp --perl-regexp --only-matching --no-filename --with-filename --quiet --silent --null',
    values: {
      ...{ '-e': 'text', '-A': 'text', '-B': 'text', '-C': 'text', '-m': 'text', '-f': 'read' },
      ...{
        '--regexp': 'text',
        '--include': 'text',
        '--exclude': 'text',
        '--exclude-dir': 'text',
        '--max-count': 'text',
      },
      ...{ '--context': 'text', '--after-context': 'text', '--before-context': 'text', '--file': 'read' },
    },
    operands: ['text', 'read'],
    instead: '-e -f --regexp --file',
  };
}

/** `date` tells the time where it is given a format, and sets it where it is given a time. */
function told({ operands }: ReadArguments): Judged {
  return operands.every((one) => one.startsWith('+')) ? {} : { reasons: ['It sets the clock.'] };
}

/** `-v` and the like look into variables, whose names may hold commands. */
function tested({ operands }: ReadArguments): Judged {
  return operands.some((one) => one.includes('['))
    ? { reasons: ['It tests with a construct of the shell.'] }
    : {};
}

function strictly({ options }: ReadArguments): Judged {
  return options.every(({ name, value }) => name !== '-o' || /^(pipefail|errexit|nounset)$/.test(value ?? ''))
    ? {}
    : { reasons: ['It changes how the shell itself works.'] };
}

/** A filter of `jq` that reads other files or the environment is not looked into. */
function filtered({ operands }: ReadArguments): Judged {
  return /\b(env|import|include|modulemeta)\b|\$ENV/.test(operands[0] ?? '')
    ? { reasons: ['Its filter reads more than its input.'] }
    : {};
}
