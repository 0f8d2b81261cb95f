import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A command that was made, and what of it is evil; `null` where nothing is. */
export interface MadeCommand {
  readonly text: string;
  readonly evil: string | null;
}

/** Makes commands of everyday ones of the corpus, with one evil piece where a shell would act on it, or none. */
export function commandMaker(seed: number): () => MadeCommand {
  const chance = chances(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const row = () => Array.from({ length: 1 + Math.floor(chance() * 3) }, () => pick(everyday));
  return () => {
    const commands = row();
    const kind = pick(kinds);
    const at = Math.floor(chance() * commands.length);
    const made = kind(commands, at, pick, chance);
    const text = made.commands.reduce((whole, one) => (whole ? `${whole}${pick(operators)}${one}` : one), '');
    return made.anywhere
      ? { text: put(text, made.anywhere, Math.floor(chance() * (text.length + 1))), evil: made.evil }
      : { text, evil: made.evil };
  };
}

interface Made {
  readonly commands: readonly string[];
  readonly evil: string | null;
  /** A piece that is evil wherever it stands. */
  readonly anywhere?: string;
}
type Kind = (
  commands: readonly string[],
  at: number,
  pick: <T>(from: readonly T[]) => T,
  chance: () => number,
) => Made;

const operators = ['; ', ' ; ', ';', ' && ', '&&', ' || ', ' | ', '|', '\n', '\n\n', ' |& '];
const substitutions = [
  '$(id)',
  '`id`',
  '"$(id)"',
  '<(id)',
  '>(id)',
  '$x',
  '"$x"',
  '$'.concat('{x}'),
  '$((1))',
  '{a,b}',
  "$'a'",
];
const settings = [
  'PATH=. ',
  'LD_PRELOAD=x ',
  'NODE_OPTIONS=x ',
  'GIT_PAGER=x ',
  'IFS=x ',
  'X=$(id) ',
  'BASH_ENV=x ',
];
const starters = [
  'sudo ',
  'xargs ',
  'eval ',
  'exec ',
  'env -S ',
  'sh -c ',
  'command ',
  'watch ',
  'busybox ',
  'coproc ',
];
const redirections = [
  ' > package.json',
  ' >> .git/config',
  ' 2> .npmrc',
  ' >& x',
  ' 3> x',
  ' > .env',
  ' &> Makefile',
];
const hidden = ['\u200b', '\u202e', '\0', '\x1b', '\u00a0', '\u2028', '\r', '\ufeff', '\u2066'];
const ends = [
  ' &',
  ' ;;',
  ' &&',
  ' |',
  ' (',
  ' $(',
  ' `',
  ' "',
  " '",
  ' && {',
  ' ; }',
  ' \\',
  '; sh',
  '| sh',
  '\nsh',
];

const kinds: readonly Kind[] = [
  (commands) => ({ commands, evil: null }),
  (commands, at, pick) => {
    const evil = pick(attacks);
    return { commands: commands.toSpliced(at, 0, evil), evil };
  },
  (commands, _at, pick) => {
    const evil = pick(attacks);
    return { commands: [...commands, evil], evil };
  },
  (commands, at, pick, chance) => {
    const evil = pick(substitutions);
    const words = (commands[at] ?? '').split(' ');
    const place = 1 + Math.floor(chance() * words.length);
    return { commands: commands.with(at, words.toSpliced(place, 0, evil).join(' ')), evil };
  },
  (commands, at, pick) => {
    const evil = pick(settings);
    return { commands: commands.with(at, evil + commands[at]), evil };
  },
  (commands, at, pick) => {
    const evil = pick(starters);
    return { commands: commands.with(at, evil + commands[at]), evil };
  },
  (commands, at, pick) => {
    const evil = pick(redirections);
    return { commands: commands.with(at, commands[at] + evil), evil };
  },
  (commands, _at, pick) => {
    const evil = pick(hidden);
    return { commands, evil, anywhere: evil };
  },
  (commands, _at, pick) => {
    const evil = pick(ends);
    return { commands: commands.with(-1, commands.at(-1) + evil), evil };
  },
];

function put(text: string, piece: string, at: number): string {
  return text.slice(0, at) + piece + text.slice(at);
}

interface Line {
  readonly text: string;
  readonly shell?: string;
  readonly expected: string;
}

function linesOf(name: string): Line[] {
  const file = path.join(import.meta.dirname, 'corpus', `commands-${name}.jsonl`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ shell, text }) => shell === undefined && !/<(workspace|outside)>/.test(text));
}

/** Everyday commands without quotes, comments or changes of folder, so that a piece put in stands where it acts. */
const everyday = linesOf('benign')
  .map(({ text }) => text)
  .filter((text) => !/["'#\\]|<<|^!|^cd |\n|^set |^exit/.test(text));

/** Attacks that stay such beside any other command. */
const attacks = ['arguments', 'files'].flatMap((name) =>
  linesOf(name)
    .filter(({ text, expected }) => expected !== 'allow' && !/\n|#|\\$|\.\.|^cd |^$/.test(text))
    .map(({ text }) => text),
);

/** Chances from 0 to 1, the same for the same seed. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
