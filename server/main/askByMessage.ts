import type { Connection } from 'vscode-languageserver/node';
import { decideApproval } from '../core/approvals.ts';
import type { Approval } from '../protocol/approval.ts';
import type { Entry } from '../protocol/journal.ts';
import { revealed } from '../protocol/reveal.ts';
import type { Butler } from './compose.ts';

/** Asks what was open already when the client came. */
export async function askOpen(connection: Connection, butler: Butler, actor: string): Promise<void> {
  for (const { approval } of await butler.store.pendingApprovals())
    askOne(connection, butler, approval, actor);
}

/** Asks a client without our own approvals by `window/showMessageRequest`, and decides by the answer. */
export function askByMessage(
  connection: Connection,
  butler: Butler,
  entries: readonly Entry[],
  actor: string,
): void {
  for (const entry of entries) {
    if (entry.type === 'approval.requested') askOne(connection, butler, entry.data.approval, actor);
  }
}

function askOne(connection: Connection, butler: Butler, approval: Approval, actor: string): void {
  ask(connection, butler, approval, actor).catch((error: unknown) =>
    connection.console.error(`approval: ${String(error)}`),
  );
}

async function ask(connection: Connection, butler: Butler, approval: Approval, actor: string): Promise<void> {
  const job = await butler.store.job(approval.job);
  if (!job || !butler.workspaces().includes(job.workspace)) return;
  const text = `${revealed(approval.title)}? ${approval.rule}`;
  const chosen = await connection.window.showWarningMessage(text, { title: 'Approve' }, { title: 'Deny' });
  if (!chosen) return;
  const decision = chosen.title === 'Approve' ? 'approve' : 'deny';
  const { id, digest } = approval;
  const outcome = await decideApproval(butler, { id, digest, decision }, actor);
  if (!outcome.ok) connection.window.showInformationMessage(outcome.failure.what);
}
