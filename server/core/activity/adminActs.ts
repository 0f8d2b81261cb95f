import type { EntryType } from '../../protocol/entryData.ts';
import type { Entry } from '../../protocol/journal.ts';

type AdminType = keyof typeof titles;
type AdminEntry = Extract<Entry, { type: AdminType }>;

/** Whether an entry is an act of a person or worker beside the calls of tools. */
export function isAdminAct(entry: Entry): entry is AdminEntry {
  return Object.hasOwn(titles, entry.type);
}

/** One line for such an act; `text` is what its content begins with. */
export function adminTitle(entry: AdminEntry, text: string | null): string {
  const title = titles[entry.type] as (data: unknown, text: string) => string;
  const line = title(entry.data, (text ?? '(deleted)').trim().split('\n', 1)[0] ?? '');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

type Titles = { [T in EntryType]?: (data: Extract<Entry, { type: T }>['data'], text: string) => string };

const titles = {
  'job.created': (_data, text) => `Hand over: ${text}`,
  'job.modeSet': ({ mode }) => `Mode of a job: ${mode}`,
  'job.abortRequested': () => 'Stop a job',
  'budget.raised': ({ scope, limit, allowed }) => `Allow a ${scope} ${allowed} ${limit}`,
  'ability.saved': ({ ability }) => `Save the Ability ${ability.name}`,
  'ability.deleted': ({ ability }) => `Delete the Ability ${ability}`,
  'provider.saved': ({ config }) => `Set up the provider ${config.name}`,
  'provider.removed': ({ provider }) => `Remove the provider ${provider}`,
  'settings.saved': () => 'Change the settings',
  'session.deleted': () => 'Delete a chat',
  'content.deleted': ({ digests }) => `Delete ${digests.length} contents`,
  'admin.paused': () => 'Stop all work',
  'admin.resumed': () => 'Let work go on',
  'secret.changed': ({ name, where }) => `Change the key ${name}: ${where}`,
  'policy.changed': ({ change, rule }) => `Policy: ${change} ${rule ? JSON.stringify(rule) : ''}`.trimEnd(),
  'permission.changed': ({ holder, permission, granted }) =>
    `${granted ? 'Grant' : 'Revoke'} ${permission}: ${holder}`,
  'mcp.saved': ({ server }) => `Set up the server ${server.name}`,
  'mcp.removed': ({ name }) => `Remove the server ${name}`,
  'mcp.pinned': ({ server }) => `Approve the server ${server}`,
  'target.connected': ({ account }) => `Connect the account ${account.title}`,
  'target.disconnected': ({ account }) => `Disconnect the account ${account}`,
  'undo.pruned': ({ executions }) => `Forget how to take back ${executions.length} old acts`,
} satisfies Titles;
