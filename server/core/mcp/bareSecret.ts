import { type Failure, failures } from '../../protocol/failure.ts';
import type { McpServer } from '../../protocol/mcp.ts';

/** Why a set-up is not kept: a key in plain sight would stand in the journal, or in the list of processes, for good. */
export function bareSecret({ name, transport }: McpServer): Failure | null {
  if (transport.kind === 'http' && hasUser(transport.url)) {
    const mend = `Send it as a header: Authorization: ${named('AUTHORIZATION')}`;
    return failures.invalid('server.transport.url', 'The address holds a name or a password.', mend);
  }
  if (transport.kind === 'stdio' && transport.args.some((one) => one.includes(begin))) {
    const mend = 'Hand it over in a variable of its environment.';
    return failures.invalid(
      'server.transport.args',
      'A secret must not be an argument: all can read it.',
      mend,
    );
  }
  const given = transport.kind === 'http' ? transport.headers : transport.env;
  const bare = Object.entries(given).find(
    ([key, value]) => soundsSecret.test(key) && value !== '' && !value.includes(begin),
  );
  if (!bare) return null;
  const [key] = bare;
  const word = key.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const what = `"${key}" of the MCP server "${name}" reads like a secret, and would stand in the journal.`;
  const mend = `Write ${named(word)} as its value, then keep the secret itself: butler mcp secret ${name} ${word}`;
  return failures.invalid(`server.transport.${key}`, what, mend);
}

const begin = '${secret:';
const named = (word: string) => `${begin}${word}}`;

const soundsSecret = /token|secret|passw|api[-_]?key|authorization|credential|private[-_]?key|cookie/i;

function hasUser(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
