import { isWholeFolder, lastName } from './paths.ts';
import type { Judged, Means, ProgramTable, ReadArguments } from './programRule.ts';

/** Programs that handle files as wholes. */
export const filePrograms: ProgramTable = {
  ls: { flags: '*', operands: ['read'] },
  pwd: { flags: 'L P' },
  cd: { operands: ['read'] },
  cat: { flags: '*', operands: ['read'] },
  tac: { flags: 'b r', values: { '-s': 'text' }, operands: ['read'] },
  stat: {
    flags: 'L f t x',
    values: { '-c': 'text', '--format': 'text', '--printf': 'text' },
    operands: ['read'],
  },
  du: {
    flags: 's h a c k m b d x --summarize --human-readable --all --total --apparent-size',
    values: { '-d': 'text', '--max-depth': 'text', '--exclude': 'text' },
    operands: ['read'],
  },
  df: { flags: 'h T k a i --human-readable', operands: ['read'] },
  file: { flags: 'b i k L h s --brief --mime --mime-type --mime-encoding', operands: ['read'] },
  tree: {
    flags: 'a d f i s h D F C n p u g --dirsfirst --noreport --gitignore --prune --du',
    values: { '-L': 'text', '-I': 'text', '-P': 'text' },
    operands: ['read'],
  },
  basename: { flags: 'a z', values: { '-s': 'text', '--suffix': 'text' }, operands: ['text'] },
  dirname: { flags: 'z', operands: ['text'] },
  realpath: { flags: 'e m q s', operands: ['read'] },
  readlink: { flags: 'e f m n q', operands: ['read'] },
  cksum: { operands: ['read'] },
  md5sum: { flags: 'b t', operands: ['read'] },
  sha1sum: { flags: 'b t', operands: ['read'] },
  sha256sum: { flags: 'b t', operands: ['read'] },
  sha512sum: { flags: 'b t', operands: ['read'] },
  cmp: { flags: 'b l s', values: { '-n': 'text' }, operands: ['read', 'read', 'text'] },
  touch: {
    flags: 'a c m --no-create',
    values: { '-d': 'text', '-t': 'text', '-r': 'read', '--date': 'text', '--reference': 'read' },
    operands: ['write'],
    least: 1,
  },
  mkdir: {
    flags: 'p v --parents --verbose',
    values: { '-m': 'text', '--mode': 'text' },
    operands: ['write'],
  },
  rmdir: { flags: 'p v --parents --ignore-fail-on-non-empty', operands: ['delete'] },
  rm: { flags: 'f i I r R v d --force --recursive --verbose --dir', operands: ['delete'] },
  unlink: { operands: ['delete'] },
  cp: {
    flags: 'a f i n p r R u v --recursive --archive --force --no-clobber --update --verbose',
    values: { '-t': 'text', '--target-directory': 'text' },
    operands: ['text'],
    judge: (read) => placed(read, 'read'),
  },
  mv: {
    flags: 'f i n u v --force --no-clobber --update --verbose',
    values: { '-t': 'text', '--target-directory': 'text' },
    operands: ['text'],
    judge: (read) => placed(read, 'delete'),
  },
  chmod: {
    flags: 'c f v R x w r X --recursive --verbose --changes --silent --quiet',
    operands: ['text', 'write'],
    judge: moded,
  },
  truncate: {
    flags: 'c o --no-create',
    values: { '-s': 'text', '--size': 'text', '-r': 'read', '--reference': 'read' },
    operands: ['write'],
  },
  dd: { operands: ['text'], judge: copied },
  tar: { operands: ['text'], flags: 'c t v z j J', values: { '-f': 'text' }, judge: archived },
  zcat: { operands: ['read'] },
};

/** Sources and the place that they go to: the last operand, or what `-t` names; each keeps its name in a folder. */
function placed({ options, operands }: ReadArguments, source: Means): Judged {
  const named = options.find(({ name }) => name === '-t' || name === '--target-directory')?.value;
  const sources = named === undefined ? operands.slice(0, -1) : operands;
  const place = named ?? operands.at(-1) ?? '';
  if (sources.length === 0 || place === '') return { reasons: ['It is not known where it puts what.'] };
  const reasons = sources.some((one) => isWholeFolder(one) || /(^|\/)\.\.?\/*$/.test(one))
    ? ['It copies or moves all that a folder holds, whatever that is.']
    : [];
  const opens = options.some(({ name }) => /^(-[aRr]|--recursive|--archive)$/.test(name));
  if (opens && sources.some((one) => one.endsWith('/')))
    reasons.push('Not every `cp` copies the folder itself where its name ends with `/`.');
  const means: [Means, string][] = sources.map((one) => [source, one]);
  if (source === 'delete') means.push(...sources.map((one): [Means, string] => ['read', one]));
  if (!/(^|\/)\.{0,2}$/.test(place) && named === undefined) means.push(['write', place]);
  const inFolder = sources.map((one) => `${place}/${lastName(one.replace(/\/+$/, ''))}`);
  return { means, reasons, inFolder };
}

/** Modes that let a program run as another user are nothing that work on files needs. */
function moded({ options, operands }: ReadArguments): Judged {
  const isMode = options.some(({ name }) => /^-[xwrX]$/.test(name));
  const plain = /^([ugoa]*[+=-][rwxX]*(,[ugoa]*[+=-][rwxX]*)*|0?[0-7]{3})$/.test(operands[0] ?? '');
  return {
    means: isMode && operands[0] ? [['write', operands[0]]] : [],
    reasons: [
      ...(isMode || plain ? [] : ['It gives a file more than the right to be read, written or run.']),
      ...(closes(options, operands[0] ?? '')
        ? ['It takes from you what is needed to keep the file for undo.']
        : []),
    ],
  };
}

/** Whether the owner may not read any more, or may not open folders, as far as the words tell which are folders. */
function closes(options: ReadArguments['options'], mode: string): boolean {
  const all = options.some(({ name }) => name === '-R' || name === '--recursive');
  const needed = all ? ['r', 'x'] : ['r'];
  const lacks = (has: (right: string) => boolean) => needed.some((right) => !has(right));
  if (options.some(({ name }) => needed.some((right) => name === `-${right}`))) return true;
  if (/^[0-7]+$/.test(mode)) {
    const owner = Number(mode.at(-3) ?? 0);
    return lacks((right) => (owner & (right === 'r' ? 4 : 1)) !== 0);
  }
  return mode.split(',').some((one) => {
    const [, who = '', sign, rights = ''] = /^([ugoa]*)([+=-])(.*)$/.exec(one) ?? [];
    if (who !== '' && !/[ua]/.test(who)) return false;
    if (sign === '=') return lacks((right) => rights.toLowerCase().includes(right));
    return sign === '-' && needed.some((right) => rights.toLowerCase().includes(right));
  });
}

/** `dd if=… of=…`. */
function copied({ operands }: ReadArguments): Judged {
  const means: [Means, string][] = [];
  const reasons: string[] = [];
  for (const operand of operands) {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(operand) ?? [];
    if (key === 'if') means.push(['read', value]);
    else if (key === 'of') means.push(['write', value]);
    else if (!/^(bs|count|skip|seek|status|conv|ibs|obs)$/.test(key)) {
      reasons.push(`It is not known what \`${operand.slice(0, 60)}\` is to \`dd\`.`);
    }
  }
  return { means, reasons };
}

/** Only making an archive and listing one: what unpacking writes stands in the archive. */
function archived({ options, operands }: ReadArguments): Judged {
  const [file = null, ...more] = options.flatMap(({ name, value }) => (name === '-f' ? [value] : []));
  const makes = options.some(({ name }) => name === '-c');
  const lists = options.some(({ name }) => name === '-t');
  if (file === null || more.length > 0 || makes === lists || /[:]/.test(file)) {
    return { reasons: ['`tar` without `-c` or `-t` writes whatever stands in an archive.'] };
  }
  if (operands.some((one) => /^[-@]/.test(one)))
    return { reasons: ['It is not known what `tar` would take.'] };
  if (lists) return { means: [['read', file]] };
  return { means: [['write', file], ...operands.map((one): [Means, string] => ['read', one])] };
}
