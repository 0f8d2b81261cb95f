import { type Failure, failures } from '../../../protocol/failure.ts';
import { type FaultContext, Refusal, faultOf as refusalFault, said } from '../refusal.ts';
import { faultOf } from '../serviceFaults.ts';

/** Turns whatever was thrown on the way to an answer of Ollama into a failure. */
export function ollamaFault(error: unknown, context: FaultContext): Failure {
  if (error instanceof Refusal) {
    const [, own] = complaints.find(([words]) => words.test(error.body)) ?? [];
    return own?.(error, context) ?? faultOf(error, context);
  }
  const failure = refusalFault(error, context, { refused: faultOf, unreachable: () => notRunning(context) });
  return failure;
}

/** There is no model yet, so nothing can be asked. */
export const noModelYet = (title: string): Failure => ({
  ...failures.notFound('model', ''),
  what: `${title} has no model yet.`,
  mend: `Run \`ollama pull ${proposed}\` in a terminal, then try again.`,
});

/** A model that calls tools, and that most machines can hold. */
const proposed = 'qwen3';

const notRunning = ({ title }: FaultContext): Failure => ({
  ...failures.offline(`${title} is not running at its address.`),
  mend: 'Start it with `ollama serve`, or choose another provider for this Ability.',
});

type Fault = (refusal: Refusal, context: FaultContext) => Failure;

const notPulled: Fault = (_refusal, { model }) => ({
  ...failures.notFound('model', model),
  mend: `Run \`ollama pull ${model}\` in a terminal, or choose a model that is there.`,
});

const noTools: Fault = (_refusal, { title, model }) =>
  failures.invalid(
    'model',
    `The model "${model}" of ${title} cannot call tools.`,
    `Choose one that can, as \`ollama pull ${proposed}\` gives.`,
  );

const noMemory: Fault = (refusal, { model }) =>
  failures.denied(
    `This machine has not enough free memory for "${model}"${said(wordsOf(refusal))}.`,
    'Choose a smaller model, or close what takes the memory.',
  );

/** Refusals that the service says in its own words, as it gives them no type. */
const complaints: readonly (readonly [RegExp, Fault])[] = [
  [/model .{0,200}not found|no such model/i, notPulled],
  [/does not support tools/i, noTools],
  [/more system memory|out of memory/i, noMemory],
  [
    /exceed.{0,30}context|context (length|window).{0,20}exceed|(prompt|input).{0,20}too long/i,
    (_refusal, { title }) => failures.tooLong(title),
  ],
];

function wordsOf({ body }: Refusal): string {
  return /"error"\s*:\s*"([^"]{1,300})/.exec(body)?.[1] ?? '';
}
