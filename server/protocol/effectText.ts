import type { Effect } from './effect.ts';

/** What an effect is about, as text: a path, a command with its folder, a host, an address. */
export function effectObject(effect: Effect): string {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return effect.shown;
    case 'run':
      return `${quotedWords(effect.argv)} (${effect.cwd})`;
    case 'network':
      return effect.host;
    case 'publish':
      return `${effect.target}: ${effect.address}`;
    case 'send':
      return effect.address;
    case 'spend':
      return effect.amount;
    case 'configure':
      return effect.what;
    case 'ask':
      return effect.question;
    case 'mcp':
      return `${effect.server}: ${effect.tool}`;
  }
}

/** Words of a command, with quotes round each that could be taken for more than one or for none. */
export function quotedWords(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w./:=@%+,*-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
