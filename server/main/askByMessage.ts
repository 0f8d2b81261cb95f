import type { Connection } from 'vscode-languageserver/node';
import { decideApproval } from '../core/approvals.ts';
import type { Approval } from '../protocol/approval.ts';
import type { Entry } from '../protocol/journal.ts';
import { revealed } from '../protocol/reveal.ts';
import type { Butler } from './compose.ts';
import { effectLines } from './questionLines.ts';

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
  const question = approval.effects.find((effect) => effect.kind === 'ask');
  const { id, digest } = approval;
  const decide = (decision: 'approve' | 'deny', answer?: string) =>
    decideApproval(butler, { id, digest, decision, ...(answer === undefined ? {} : { answer }) }, actor);
  if (question) {
    const titles = [...question.choices.map(revealed), noAnswer].map((title) => ({ title }));
    const how = question.choices.length > 0 ? '' : ` Answer it with: butler answer ${id} "…"`;
    const asked = `${revealed(question.question)}${how}`;
    const chosen = await connection.window.showWarningMessage(asked, ...titles);
    const choice = question.choices.find((one) => revealed(one) === chosen?.title);
    if (choice !== undefined) await decide('approve', choice);
    else if (chosen?.title === noAnswer) await decide('deny');
    return;
  }
  const lines = [`${revealed(approval.title)}?`, ...effectLines(approval), revealed(approval.rule)];
  const text = lines.join('\n');
  const whole = text.length <= longestMessage;
  const shown = whole ? text : `${cutMessage(text)}\nApprove it with: butler approve ${id}`;
  const choices = [...(whole ? [{ title: 'Approve' }] : []), { title: 'Deny' }];
  const chosen = await connection.window.showWarningMessage(shown, ...choices);
  if (!chosen) return;
  const outcome = await decide(chosen.title === 'Approve' ? 'approve' : 'deny');
  if (!outcome.ok) connection.window.showInformationMessage(outcome.failure.what);
}

const noAnswer = 'No answer';

/** Characters of a message that an editor shows in full; what does not fit is approved where it does (SECURITY S12). */
const longestMessage = 1_500;

function cutMessage(text: string): string {
  return `${text.slice(0, 1_000)}\n… ${text.length - 1_400} characters …\n${text.slice(-400)}`;
}
