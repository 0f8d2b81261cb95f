import { type Failure, failures } from '../../../protocol/failure.ts';
import { NotAsked } from '../httpConnection.ts';
import { type FaultContext, faultOf } from '../refusal.ts';

/** Turns whatever was thrown on the way to an answer of the editor into a failure. */
export function editorFault(error: unknown, context: FaultContext): Failure {
  if (error instanceof NotAsked) return error.failure;
  const gone = () =>
    failures.offline(`The editor that lends the models of ${context.title} does not answer.`);
  const failure = faultOf(error, context, { refused: gone, unreachable: gone });
  return failure.kind === 'internal' ? gone() : failure;
}

/** There is no editor, as in a terminal. */
export const noEditor = (title: string): Failure => ({
  ...failures.offline(`There is no ${title} here that lends its models.`),
  mend: 'Use it in VS Code, or choose another provider for this Ability.',
});

/** The editor is there, and offers nothing. */
export const noModels = (title: string): Failure => ({
  ...failures.notFound('model', ''),
  what: `${title} offers no language model.`,
  mend: 'Install and sign in to an extension that brings some, as GitHub Copilot does, or choose another provider.',
});
