import { settingReason } from './environment.ts';
import { npmHost } from './packagePrograms.ts';
import type { Word } from './plain.ts';

/** A program as it stands behind others that only start it. */
export interface Peeled {
  readonly words: readonly Word[];
  readonly hosts: readonly string[];
  readonly reasons: readonly string[];
  /** Whether the packages of the workspace bring it, so that it is known by that alone. */
  readonly isOfWorkspace: boolean;
}

/** Looks through programs that only start another one in another way, as `timeout 5 …`. */
export function peel(words: readonly Word[]): Peeled {
  let peeled: Peeled = { words, hosts: [], reasons: [], isOfWorkspace: false };
  for (let depth = 0; depth < deepest; depth++) {
    const [first, second] = peeled.words;
    const wrapper = wrapperOf(first?.value ?? '') ?? wrapperOf(`${first?.value} ${second?.value}`);
    if (!wrapper || !first || (peeled.words.length === 1 && wrapper.alone)) return peeled;
    const skipped = wrapper.skip(peeled.words.map(({ value }) => value));
    if (typeof skipped === 'string') return { ...peeled, reasons: [skipped] };
    peeled = {
      words: peeled.words.slice(skipped.count),
      hosts: [...peeled.hosts, ...(skipped.hosts ?? [])],
      reasons: skipped.reasons ?? [],
      isOfWorkspace: wrapper.ofWorkspace ?? false,
    };
    if (peeled.reasons.length > 0) return peeled;
    if (peeled.words.length === 0) return { ...peeled, reasons: [`\`${first.value}\` starts nothing.`] };
  }
  return { ...peeled, reasons: ['It starts programs by too many others.'] };
}

const deepest = 6;

interface Skipped {
  readonly count: number;
  readonly hosts?: readonly string[];
  readonly reasons?: readonly string[];
}

interface Wrapper {
  /** How many words are its own, or why that cannot be told. */
  skip(words: readonly string[]): Skipped | string;
  /** Whether it means something without a program behind it. */
  readonly alone?: true;
  readonly ofWorkspace?: true;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  time: { skip: (words) => behind(words, /^-p$/) },
  nohup: { skip: (words) => behind(words, /^$/) },
  nice: { skip: (words) => behind(words, /^(-n|-\d+|-n-?\d+|--adjustment=-?\d+)$/, '-n') },
  stdbuf: { skip: (words) => behind(words, /^-[ioe](L|0|\d+[KM]?)$/) },
  timeout: {
    skip: (words) => {
      const own = behind(
        words,
        /^(-[ks]|-v|--foreground|--preserve-status|--(kill-after|signal)=\w+)$/,
        '-k',
        '-s',
      );
      if (typeof own === 'string') return own;
      return /^\d+(\.\d+)?[smhd]?$/.test(words[own.count] ?? '')
        ? { count: own.count + 1 }
        : '`timeout` is not given a plain time.';
    },
  },
  env: { alone: true, skip: skipSettings },
  npx: { ofWorkspace: true, skip: (words) => fetching(words, 1) },
  'npm exec': { ofWorkspace: true, skip: (words) => fetching(words, 2) },
  'pnpm exec': { skip: (words) => plainly(words, 2) },
  'pnpm dlx': { ofWorkspace: true, skip: (words) => fetching(words, 2) },
  'yarn exec': { skip: (words) => plainly(words, 2) },
  'yarn dlx': { ofWorkspace: true, skip: (words) => fetching(words, 2) },
  'uv run': { skip: (words) => plainly(words, 2) },
  'poetry run': { skip: (words) => plainly(words, 2) },
};

function wrapperOf(name: string): Wrapper | null {
  return Object.hasOwn(wrappers, name) ? (wrappers[name] ?? null) : null;
}

/** Passes over options that fit; those named take the next word as their value. */
function behind(words: readonly string[], fits: RegExp, ...valued: string[]): Skipped | string {
  let count = 1;
  while (words[count]?.startsWith('-')) {
    const option = words[count] ?? '';
    if (option === '--') return { count: count + 1 };
    if (!fits.test(option)) return strange(words, option);
    if (valued.includes(option)) {
      if (!/^-?\w+(\.\d+)?$/.test(words[count + 1] ?? '')) return strange(words, option);
      count++;
    }
    count++;
  }
  return { count };
}

function skipSettings(words: readonly string[]): Skipped | string {
  let count = 1;
  for (; /^[A-Za-z_]\w*=/.test(words[count] ?? ''); count++) {
    const reason = settingReason(words[count] ?? '');
    if (reason) return reason;
  }
  return words[count]?.startsWith('-') ? strange(words, words[count] ?? '') : { count };
}

function plainly(words: readonly string[], own: number): Skipped | string {
  return words[own]?.startsWith('-') ? strange(words, words[own] ?? '') : { count: own };
}

/** A package's program, which is fetched from the registry unless that is switched off. */
function fetching(words: readonly string[], own: number): Skipped | string {
  let count = own;
  let stays = false;
  let asks = false;
  for (; words[count]?.startsWith('-'); count++) {
    const option = words[count] ?? '';
    if (option === '--no' || option === '--no-install') stays = true;
    else if (!/^(-y|-q|--yes|--quiet|--)$/.test(option)) return strange(words, option);
    else if (/^(-y|--yes)$/.test(option)) asks = true;
  }
  if (!/^(@[a-z0-9._-]+\/)?[a-z0-9][a-z0-9._-]*(@[A-Za-z0-9.^~-]+)?$/.test(words[count] ?? '')) {
    return `\`${words[0]}\` would run what is no package of the registry.`;
  }
  return { count, hosts: stays && !asks ? [] : [npmHost] };
}

function strange(words: readonly string[], option: string): string {
  return `\`${option.slice(0, 60)}\` is no option of \`${words[0]}\` that is known to be harmless.`;
}
