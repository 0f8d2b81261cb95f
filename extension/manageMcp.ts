import { l10n, window } from 'vscode';
import {
  approveMcp,
  listMcp,
  type McpPin,
  type McpState,
  removeMcp,
  saveMcp,
} from '../server/protocol/mcp.ts';
import { addMcp, askMcpSecret } from './addMcp.ts';
import { choose, whileWaiting } from './askStep.ts';
import { language } from './language.ts';
import {
  addServerRow,
  type McpAction,
  secretsOf,
  serverActionRows,
  serverRows,
  toolWords,
  unsettled,
} from './mcpMenu.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';

type McpParts = Pick<Parts, 'worker' | 'previews'>;

/** Lists the MCP servers and does with one what a person chooses, until it is left. */
export async function manageMcp(parts: McpParts): Promise<void> {
  const states = await read(parts, false);
  if (!states) return;
  const choice = await choose(l10n.t('MCP Servers'), l10n.t('Which server?'), serverRows(states, language));
  if (choice === undefined) return;
  if (choice === addServerRow) {
    await addMcp(parts.worker);
    return;
  }
  const state = states[Number(choice)];
  if (state) await manageServer(parts, state);
}

async function manageServer(parts: McpParts, first: McpState): Promise<void> {
  for (let state: McpState | undefined = first; state; ) {
    const name = plainText(state.server.name, 80);
    const rows = serverActionRows(state, language);
    const action = await choose(name, l10n.t('What shall be done?'), rows);
    if (action === undefined) return;
    await acts[action as McpAction](parts, state);
    state = await again(parts, state, action !== 'turn' && action !== 'remove');
  }
}

const acts: Readonly<Record<McpAction, (parts: McpParts, state: McpState) => Promise<unknown>>> = {
  approve: approveTransport,
  tools: approveTools,
  look: ({ previews }, state) =>
    previews.showText(`${state.server.name}.json`, JSON.stringify(state, null, 2)),
  secret: async ({ worker }, { server, workspace }) => {
    for (const name of secretsOf(server.transport))
      await askMcpSecret(worker, { server: server.name, workspace, name });
  },
  turn: async ({ worker }, { server }) =>
    valueOrTell(await worker.send(saveMcp, { server: { ...server, enabled: !server.enabled } })),
  remove: async ({ worker }, { server }) => {
    const sure = l10n.t('Remove the MCP server {0}, its secrets too?', plainText(server.name, 80));
    const rows = [
      { label: l10n.t('Keep it'), value: 'no' },
      { label: `$(trash) ${l10n.t('Remove')}`, value: 'yes' },
    ];
    if ((await choose(l10n.t('MCP Servers'), sure, rows)) === 'yes') {
      valueOrTell(await worker.send(removeMcp, { name: server.name }));
    }
  },
};

/** Shows what a server runs or calls beside what was approved, and approves exactly that. */
async function approveTransport({ worker, previews }: McpParts, state: McpState): Promise<void> {
  const { server, transport, approved, now } = state;
  await previews.showDiff({ path: `${server.name}.json`, before: approved, after: now });
  if (await isSure(l10n.t('Approve that {0} runs or calls exactly this?', plainText(server.name, 80)))) {
    valueOrTell(await worker.send(approveMcp, asked(state, { transport, tools: {} })));
  }
}

/** Shows one tool after the other that is not as it was approved, and approves those that a person takes. */
async function approveTools({ worker, previews }: McpParts, state: McpState): Promise<void> {
  for (const tool of unsettled(state)) {
    const { name, approved, definition, digest } = tool;
    await previews.showDiff({ path: `${state.server.name}-tool.json`, before: approved, after: definition });
    const words = toolWords(tool, language);
    if (!(await isSure(l10n.t('Approve the tool {0} ({1}) exactly so?', plainText(name, 80), words))))
      continue;
    const pin: McpPin = { transport: state.transport, tools: { [name]: digest } };
    valueOrTell(await worker.send(approveMcp, asked(state, pin)));
  }
}

function asked({ server, workspace }: McpState, pin: McpPin) {
  return { name: server.name, pin, ...(workspace === undefined ? {} : { workspace }) };
}

/** The row that Enter takes approves nothing. */
async function isSure(question: string): Promise<boolean> {
  const rows = [
    { label: l10n.t('Leave it as it is'), value: 'no' },
    { label: `$(shield) ${l10n.t('Approve exactly this')}`, value: 'yes' },
  ];
  return (await choose(l10n.t('MCP Servers'), question, rows)) === 'yes';
}

async function again(
  parts: McpParts,
  { server, workspace }: McpState,
  connect: boolean,
): Promise<McpState | undefined> {
  const states = await read(parts, connect);
  return states?.find((one) => one.server.name === server.name && one.workspace === workspace);
}

async function read({ worker }: McpParts, connect: boolean): Promise<McpState[] | undefined> {
  const listed = connect
    ? await whileWaiting(l10n.t('MCP Servers'), l10n.t('The servers are started…'), (left) =>
        worker.send(listMcp, { connect }, left),
      )
    : await worker.send(listMcp, { connect });
  const value = listed && valueOrTell(listed);
  for (const { file, line, message } of value?.problems ?? []) {
    void window.showWarningMessage(plainText(`${file}:${line} ${message}`));
  }
  return value?.servers;
}
