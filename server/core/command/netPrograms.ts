import { lastName } from './paths.ts';
import type { Judged, Means, ProgramTable, ReadArguments } from './programRule.ts';

/** Programs that fetch what a web address names. */
export const netPrograms: ProgramTable = {
  curl: {
    flags:
      's S L f v i I O G 4 6 k --silent --show-error --location --fail --verbose --include --head --remote-name --compressed --http1.1 --http2 --insecure',
    values: {
      ...{
        '-o': 'text',
        '--output': 'text',
        '-X': 'text',
        '--request': 'text',
        '-A': 'text',
        '--user-agent': 'text',
      },
      ...{
        '-H': 'text',
        '--header': 'text',
        '-d': 'text',
        '--data': 'text',
        '-m': 'text',
        '--max-time': 'text',
      },
      ...{
        '--connect-timeout': 'text',
        '--retry': 'text',
        '-w': 'text',
        '--write-out': 'text',
        '--url': 'url',
      },
    },
    operands: ['url'],
    judge: (read) =>
      fetched(
        read,
        read.options.some(({ name }) => name === '-O' || name === '--remote-name'),
      ),
  },
  wget: {
    flags: 'q v c S --quiet --continue --no-verbose --server-response --spider',
    values: {
      '-O': 'text',
      '--output-document': 'text',
      '-T': 'text',
      '-t': 'text',
      '--timeout': 'text',
      '--tries': 'text',
    },
    operands: ['url'],
    judge: (read) => fetched(read, true),
  },
  ping: { flags: 'q 4 6', values: { '-c': 'text', '-W': 'text', '-w': 'text' }, operands: ['url'] },
  host: { operands: ['url'] },
  dig: { operands: ['url'] },
  nslookup: { operands: ['url'] },
};

const outputs: ReadonlySet<string> = new Set(['-o', '--output', '-O', '--output-document']);
const sends: ReadonlySet<string> = new Set(['-d', '--data', '-H', '--header', '-w', '--write-out']);

/** Where it keeps what it fetched; a value with `@` is a file that it would send or read. */
function fetched({ options, operands }: ReadArguments, byName: boolean): Judged {
  const named = options.flatMap(({ name, value }) => (outputs.has(name) && value !== null ? [value] : []));
  const reasons = options.some(
    ({ name, value }) => sends.has(name) && (value?.startsWith('@') || value?.includes('%output')),
  )
    ? ['It sends or reads a file that it names by `@`.']
    : [];
  const files =
    named.length > 0 || !byName
      ? named
      : operands.map((one) => lastName(one.replace(/[?#].*$/, '')) || 'index.html');
  return {
    reasons,
    means: files.filter((file) => file !== '-').map((file): [Means, string] => ['write', file]),
  };
}
