import { wordFits } from '../policy/glob.ts';

/** What the names of all tools of servers begin with. */
export const mcpPrefix = 'mcp__';

/** The longest name that every provider takes. */
const longest = 64;

/**
 * What a model calls a tool of a server: `mcp__github__search`. No two tools share one: no server has `__` in its
 * name, and a tool whose name not every provider takes ends with a part of its digest.
 */
export function calledName(server: string, tool: string, digest: (text: string) => string): string {
  const plain = `${beginOf(server)}${tool}`;
  if (/^[A-Za-z0-9_-]+$/.test(plain) && plain.length <= longest) return plain;
  const end = `_${digest(tool).slice(0, 8)}`;
  return `${plain.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, longest - end.length)}${end}`;
}

/** Whether the name of a tool is one that a person can read as what it is: plain letters, digits and few signs. */
export function isPlainName(tool: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_./-]{0,127}$/.test(tool) && !tool.includes('..');
}

/** A name as the eye takes it: `Read-File` and `read_file` are one. */
export function foldedName(tool: string): string {
  return tool
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('0', 'o')
    .replaceAll(/[1i]/g, 'l');
}

/** Whether what an Ability says of its tools lets it use one; `*` in a name stands for any characters. */
export function isAllowed(names: readonly string[] | undefined, tool: string): boolean {
  return names?.some((name) => wordFits(name, tool)) ?? true;
}

/** Whether an Ability may use any tool of a server. */
export function mayUse(names: readonly string[] | undefined, server: string): boolean {
  const begin = beginOf(server);
  const firm = (name: string) => name.split('*')[0] ?? '';
  const may = (name: string) =>
    name.startsWith(begin) || (name.includes('*') && begin.startsWith(firm(name)));
  return names?.some(may) ?? true;
}

function beginOf(server: string): string {
  return `${mcpPrefix}${server}__`;
}
