/** Variables that change how much a program says, or in which colours, but not what runs. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    'CI',
    'NODE_ENV',
    'FORCE_COLOR',
    'NO_COLOR',
    'CLICOLOR',
    'CLICOLOR_FORCE',
    'DEBUG',
    'VERBOSE',
    'LOG_LEVEL',
  ],
  ...['TZ', 'LANG', 'LC_ALL', 'LC_CTYPE', 'COLUMNS', 'LINES', 'PORT', 'RUST_BACKTRACE', 'RUST_LOG'],
  ...['CARGO_TERM_COLOR', 'PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'UPDATE_SNAPSHOTS', 'CGO_ENABLED'],
  ...['GOOS', 'GOARCH', 'RAILS_ENV', 'RACK_ENV', 'APP_ENV', 'MIX_ENV', 'TEST_ENV'],
]);

/** Why setting a variable before a program may change what runs; `null` where it does not. */
export function settingReason(assignment: string): string | null {
  const [name = '', ...value] = assignment.split('=');
  if (!harmless.has(name)) return `\`${name.slice(0, 60)}\` before a program can change what runs.`;
  const plain = name === 'TZ' ? /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/ : /^[A-Za-z0-9_.,:*@+-]*$/;
  return plain.test(value.join('=')) ? null : `\`${name}\` is set to something unusual.`;
}
