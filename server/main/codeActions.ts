import path from 'node:path';
import { type CodeAction, type Connection, ResponseError } from 'vscode-languageserver/node';
import * as z from 'zod';
import { createJob } from '../core/jobs.ts';
import type { ClientOptions } from '../protocol/editor.ts';
import { bad, failures, fromIssues, good, type Outcome, wireCode } from '../protocol/failure.ts';
import { showSession } from '../protocol/session.ts';
import type { Butler } from './compose.ts';
import { type Documents, pathOf } from './documents.ts';
import { type CodeTask, codeJobText, codeTasks, commandOf, taskOf } from './jobTexts.ts';

const Position = z.object({ line: z.int().nonnegative(), character: z.int().nonnegative() });
const Range = z.object({ start: Position, end: Position });
const Asked = z.object({
  textDocument: z.object({ uri: z.string() }),
  range: Range,
  context: z.object({ diagnostics: z.array(z.object({ message: z.string() })) }),
});
const Command = z.object({
  command: z.string(),
  arguments: z
    .tuple([
      z.object({ uri: z.string(), range: Range.nullable(), diagnostics: z.array(z.string()).default([]) }),
    ])
    .optional(),
});

/** The code actions on a selection, or on the whole file where nothing is selected (SPEC E3, F1). */
export function codeActions(params: unknown): CodeAction[] {
  const asked = Asked.safeParse(params);
  if (!asked.success) {
    const failure = fromIssues(asked.error);
    throw new ResponseError(wireCode.invalid, failure.what, failure);
  }
  const { textDocument, range, context } = asked.data;
  if (!pathOf(textDocument.uri)) return [];
  const empty = range.start.line === range.end.line && range.start.character === range.end.character;
  const diagnostics = context.diagnostics.map(({ message }) => message);
  return (Object.keys(codeTasks) as CodeTask[]).map((task) => ({
    title: codeTasks[task].title,
    kind: codeTasks[task].kind,
    command: {
      title: codeTasks[task].title,
      command: commandOf(task),
      arguments: [{ uri: textDocument.uri, range: empty ? null : range, diagnostics }],
    },
  }));
}

/** Turns a chosen code action into a job, and shows its session. */
export async function runCodeAction(
  connection: Connection,
  butler: Butler,
  documents: Documents,
  options: ClientOptions,
  params: unknown,
  actor: string,
): Promise<Outcome<{ job: string; session: string }>> {
  const command = Command.safeParse(params);
  if (!command.success) return bad(fromIssues(command.error));
  const task = taskOf(command.data.command);
  const piece = command.data.arguments?.[0];
  if (!task || !piece) {
    const what = `There is no command "${command.data.command}".`;
    return bad(failures.invalid('command', what, 'Choose one of the code actions.'));
  }
  const file = pathOf(piece.uri);
  const document = file ? documents.get(file) : null;
  const workspace = butler.workspaces().find((folder) => file?.startsWith(folder + path.sep));
  if (!file || !document || !workspace) {
    const mend = 'Open the file from a folder of the workspace.';
    return bad(failures.invalid('uri', 'The file is not open in this workspace.', mend));
  }
  const lines = piece.range ?? { start: { line: 0, character: 0 }, end: document.positionAt(Infinity) };
  const text = codeJobText(task, {
    path: path.relative(workspace, file).split(path.sep).join('/'),
    from: lines.start.line + 1,
    to: lines.end.line + 1,
    whole: piece.range === null,
    text: document.getText(lines),
    diagnostics: piece.diagnostics,
  });
  const ability = options.codeActionAbility;
  const created = await createJob(butler, { ability, workspace, text, kind: 'task' }, actor);
  if (!created.ok) return created;
  const { id, session } = created.value;
  void connection.sendNotification(showSession.method, { session });
  return good({ job: id, session });
}
