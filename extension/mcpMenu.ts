import type { McpState, McpTool, McpTransport } from '../server/protocol/mcp.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Choice } from './wizard.ts';

/** What can be done with an MCP server. */
export const mcpActions = ['approve', 'tools', 'look', 'secret', 'turn', 'remove'] as const;
export type McpAction = (typeof mcpActions)[number];

/** The row that leads to a new server. */
export const addServerRow = '+';

/** The servers with how each stands, and the way to another one. */
export function serverRows(states: readonly McpState[], t: Translate): Choice[] {
  const row = (state: McpState, at: number): Choice => ({
    label: `$(${icons[state.state]}) ${plainText(state.server.name, 80)}`,
    description: stateWords(state, t),
    detail: plainText(reachedAt(state.server.transport), 300),
    value: String(at),
    group: state.origin === 'user' ? t('Yours') : t('Of the workspace'),
  });
  return [
    ...states.map(row),
    { label: `$(add) ${t('Add an MCP server…')}`, value: addServerRow, group: t('More') },
  ];
}

/** What can be done with one server, what waits for a person first. */
export function serverActionRows(state: McpState, t: Translate): Choice[] {
  const words: Record<McpAction, string> = {
    approve: `$(shield) ${t('Look at what it runs or calls, and approve it…')}`,
    tools: `$(diff) ${t('Look at tools that changed or are new, and approve them…')}`,
    look: `$(debug-restart) ${t('Start it and see what it offers')}`,
    secret: `$(key) ${t('Set a secret…')}`,
    turn: `$(circle-slash) ${state.server.enabled ? t('Turn it off') : t('Turn it on')}`,
    remove: `$(trash) ${t('Remove')}`,
  };
  const can: Record<McpAction, boolean> = {
    approve: state.state === 'unapproved',
    tools: unsettled(state).length > 0,
    look: state.state !== 'unapproved' && state.state !== 'off',
    secret: secretsOf(state.server.transport).length > 0,
    turn: state.origin === 'user',
    remove: state.origin === 'user',
  };
  return mcpActions
    .filter((action) => can[action])
    .map((action) => ({ label: words[action], value: action }));
}

/** The tools that nobody can call before a person looked at them. */
export function unsettled({ tools }: McpState): McpTool[] {
  return tools.filter(({ state }) => state !== 'pinned');
}

/** How a tool stands, in a word. */
export function toolWords({ state }: McpTool, t: Translate): string {
  const words: Record<McpTool['state'], string> = {
    pinned: t('approved'),
    new: t('new'),
    changed: t('changed since it was approved'),
    shadowed: t('has the name of another tool'),
  };
  return words[state];
}

/** The names of the secrets that a server wants. */
export function secretsOf(transport: McpTransport): string[] {
  const values = Object.values(transport.kind === 'http' ? transport.headers : transport.env);
  const names = values.flatMap((value) =>
    [...value.matchAll(/\$\{secret:([\w-]+)\}/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)];
}

/** A command line cut into words as a person means it: blanks part them, quotes hold them together. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

const icons: Readonly<Record<McpState['state'], string>> = {
  off: 'circle-slash',
  unapproved: 'shield',
  idle: 'circle-outline',
  starting: 'loading~spin',
  ready: 'pass',
  failed: 'error',
};

function stateWords(state: McpState, t: Translate): string {
  const waiting = unsettled(state).length;
  const words: Record<McpState['state'], string> = {
    off: t('off'),
    unapproved: t('waits for your approval'),
    idle: t('starts with its first use'),
    starting: t('starts…'),
    ready: t('{0} tools', state.tools.length - waiting),
    failed: plainText(t.said(state.failure?.what ?? ''), 120),
  };
  const more = waiting > 0 ? t('{0} to look at', waiting) : '';
  return [words[state.state], more].filter(Boolean).join(' · ');
}

function reachedAt(transport: McpTransport): string {
  return transport.kind === 'http' ? transport.url : [transport.command, ...transport.args].join(' ');
}
