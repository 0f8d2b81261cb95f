import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import { callOf } from './approvals.ts';
import type { BudgetWatch } from './budget.ts';
import { refuse } from './callEnd.ts';
import type { JobRun } from './jobRun.ts';
import type { Runtime, RuntimeQuestion, RuntimeTool, RuntimeToolEnd } from './ports/runtime.ts';
import type { Tool, ToolResult } from './ports/tool.ts';
import { performCall } from './toolCall.ts';

/** The calls of an external agent: each takes the way of our own, and the agent does only what was allowed. */
export interface ExternalCalls {
  /** Takes up a question; it is answered when that was decided. */
  ask(question: RuntimeQuestion): void;
  /** Takes note of what a call came to. */
  end(end: RuntimeToolEnd): void;
  /** Waits until nothing is under way, now that no result is to come; throws what went wrong meanwhile. */
  settled(): Promise<void>;
}

/** What the calls of one run need. */
export interface CallParts {
  /** Its signal aborts also when the agent's work ends: then nobody waits for an answer any more. */
  readonly run: JobRun;
  readonly runtime: Runtime;
  readonly budget: BudgetWatch;
  /** The id in the transcript of a call, by the id that the agent gives it. */
  idOf(call: string): string;
  /** Ends the agent's work: with the failure that ends the job, or with `null` after an error. */
  stop(failure: Failure | null): void;
}

type Result = PromiseWithResolvers<Outcome<ToolResult>>;

/** Opens the way of the calls; they are taken one after another, in the order in which they were asked for. */
export function openCalls(parts: CallParts): ExternalCalls {
  const { run, idOf } = parts;
  const handed = new Map<string, Result>();
  let tail: Promise<void> = Promise.resolve();
  let error: unknown;
  let isOver = false;
  const then = (work: () => Promise<void>) => {
    tail = tail.then(work).catch((thrown: unknown) => {
      error ??= thrown;
      parts.stop(null);
    });
  };
  const handOver = (call: string) => {
    const result: Result = Promise.withResolvers();
    if (isOver) result.resolve(bad(missing(run)));
    else handed.set(call, result);
    return result.promise;
  };
  return {
    ask: (question) => then(() => decide(parts, question, handOver)),
    end: (ended) => {
      const result = handed.get(ended.call);
      handed.delete(ended.call);
      if (result) result.resolve(resultOf(ended));
      else then(() => noteUnasked(run, idOf(ended.call), ended));
    },
    settled: async () => {
      isOver = true;
      for (const result of handed.values()) result.resolve(bad(missing(run)));
      handed.clear();
      await tail;
      isOver = false;
      if (error !== undefined) throw error;
    },
  };
}

/** Why there is no result of what was begun. */
function missing({ signal }: JobRun): Failure {
  if (signal.aborted) return failures.cancelled('It was stopped in the middle.');
  return failures.tool('The agent went on without a result.', 'Look whether it was done.');
}

/** Brings one call from its question to its result, as one of our own loop. */
async function decide(
  { run, runtime, budget, idOf, stop }: CallParts,
  question: RuntimeQuestion,
  handOver: (call: string) => Promise<Outcome<ToolResult>>,
): Promise<void> {
  if (run.signal.aborted) return;
  const overspent = await budget.check();
  if (overspent) return stop(overspent);
  const id = idOf(question.call);
  const call = callOf(run, id);
  if (!call) return question.answer({ kind: 'result', output: unknownCall, error: true });
  let isHanded = false;
  const allow = (input: unknown) => {
    isHanded = true;
    question.answer({ kind: 'allowed', input });
    return handOver(question.call);
  };
  const tools = toolsOf(run, runtime).map((tool) => runnable(tool, allow));
  const failure = await performCall(
    { ...run, tools, callsAreSingle: true },
    { ...call, input: question.input },
  );
  if (failure) return stop(failure);
  if (isHanded || run.signal.aborted) return;
  const now = callOf(run, id);
  question.answer({ kind: 'result', output: now?.output ?? unknownCall, error: now?.state !== 'ok' });
}

const unknownCall = 'Not done: the answer with this call is not known.';

/** The tools of a runtime that the Ability allows: those it names, by the runtime's names. */
export function toolsOf({ ability }: Pick<JobRun, 'ability'>, runtime: Runtime): readonly RuntimeTool[] {
  return runtime.tools.filter(({ name }) => ability.tools?.includes(name) ?? true);
}

/** A tool whose running hands the call over where the agent does it itself. */
function runnable(tool: RuntimeTool, allow: (input: unknown) => Promise<Outcome<ToolResult>>): Tool {
  if (!('handOver' in tool)) return tool;
  return { ...tool, run: (input, plan) => allow(tool.handOver(input, plan)) };
}

function resultOf({ output, error }: RuntimeToolEnd): Outcome<ToolResult> {
  return error ? bad(failures.tool(output, '')) : good({ output });
}

/** A call that came to its end unasked was never run: the agent itself found that it does not fit. */
async function noteUnasked(run: JobRun, id: string, { output }: RuntimeToolEnd): Promise<void> {
  const call = callOf(run, id);
  if (!call || call.output !== null) return;
  await refuse(run, call, { reason: 'invalid', rule: output });
}
