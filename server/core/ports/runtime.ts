import type { Failure } from '../../protocol/failure.ts';
import type { Part, StopReason, Usage } from '../../protocol/provider.ts';
import type { ImageData, Provider } from './provider.ts';
import type { Tool, ToolPlan } from './tool.ts';

/** What an external agent is handed. */
export interface RuntimeOrder {
  /** Absolute real path of the workspace folder. */
  readonly workspace: string;
  readonly provider: Pick<Provider, 'name' | 'title' | 'kind'>;
  readonly model: string;
  /** How much the model takes, a request and its answer together, and the longest answer, in tokens. */
  readonly context: number;
  readonly longest: number;
  /** What the Ability says of itself. */
  readonly prompt: string;
  /** The names of those of its tools that it may use. */
  readonly tools: readonly string[];
  /** What is to be done. */
  readonly text: string;
  readonly images: readonly ImageData[];
}

/** What the agent is told when it asked for a call: do it yourself, with this input, or that this is the result. */
export type RuntimeAnswer =
  | { readonly kind: 'allowed'; readonly input: unknown }
  | { readonly kind: 'result'; readonly output: string; readonly error: boolean };

/** A call that the agent may not do before it is answered. */
export interface RuntimeQuestion {
  readonly kind: 'question';
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  answer(answer: RuntimeAnswer): void;
}

/** What a call that the agent did itself brought, before its model is told: it is told what the answer says. */
export interface RuntimeBrought {
  readonly kind: 'brought';
  readonly text: string;
  answer(text: string): void;
}

/** What a call of the agent came to. */
export interface RuntimeToolEnd {
  readonly kind: 'toolEnd';
  readonly call: string;
  readonly output: string;
  readonly error: boolean;
}

/** What comes while the agent works. It ends with `done` or `failed`, and nothing follows either. */
export type RuntimeEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** A tool call begins; its whole input comes with `message`. */
  | { readonly kind: 'tool'; readonly tool: string }
  /** A whole answer of its model; its calls are asked for after it. */
  | {
      readonly kind: 'message';
      readonly parts: readonly Part[];
      readonly stop: StopReason;
      readonly usage: Usage | null;
    }
  /** The next of the words that were said to it reached its model. */
  | { readonly kind: 'heard' }
  /** An answer came to nothing. */
  | { readonly kind: 'attempt'; readonly failure: Failure; readonly again: boolean }
  | RuntimeQuestion
  | RuntimeBrought
  | RuntimeToolEnd
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An external agent at work. */
export interface RuntimeWork {
  readonly events: AsyncIterable<RuntimeEvent>;
  /** Says something to it; its model hears that before its next answer, and each such word once. */
  say(text: string): void;
}

/**
 * A tool of an external agent. What a call would do is worked out here; it is also done here, or the agent does
 * it itself with what `handOver` makes of the input.
 */
export type RuntimeTool<I = unknown> =
  | Tool<I>
  | (Omit<Tool<I>, 'run'> & { handOver(input: I, plan: ToolPlan): unknown });

/** An external agent that does a job's work in place of our own loop (SPEC B5). */
export interface Runtime {
  /** What Abilities name it by. */
  readonly name: string;
  readonly title: string;
  /** Every tool that it has, under the names that it gives them. */
  readonly tools: readonly RuntimeTool[];
  /**
   * Sets it to work. Each call of a tool is asked for before anything of it happens. An abort ends it with all
   * its processes within a second.
   */
  run(order: RuntimeOrder, signal: AbortSignal): RuntimeWork;
}
