import type { Failure, Outcome } from '../../protocol/failure.ts';
import type { Image, ModelInfo, Part, ProviderKind, StopReason, Usage } from '../../protocol/provider.ts';

/** A tool as a provider is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly input: Record<string, unknown>;
}

/** An image as a provider is shown it. */
export interface ImageData {
  readonly type: Image['type'];
  readonly base64: string;
}

/** A message as a provider is told of it. */
export type ProviderMessage =
  | { readonly role: 'user'; readonly text: string; readonly images?: readonly ImageData[] }
  | { readonly role: 'assistant'; readonly parts: readonly Part[] }
  | {
      readonly role: 'tool';
      readonly results: readonly {
        readonly call: string;
        readonly tool: string;
        readonly output: string;
        readonly error: boolean;
      }[];
    };

/** A request whose prefix never changes from round to round. */
export interface ProviderRequest {
  readonly model: string;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly messages: readonly ProviderMessage[];
  /** The longest answer, in tokens. */
  readonly maxTokens: number;
  /** What the Ability delivers; the offline provider chooses its playbook by it. */
  readonly deliverable: string;
}

/** What comes while an answer is made. A stream ends with `done` or `failed`, and nothing follows either. */
export type ProviderEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** A tool call begins; its whole input comes with `done`. */
  | { readonly kind: 'tool'; readonly tool: string }
  | {
      readonly kind: 'done';
      readonly parts: readonly Part[];
      readonly stop: StopReason;
      readonly usage: Usage | null;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A source of answers (SPEC A3). */
export interface Provider {
  /** What Abilities name it by. */
  readonly name: string;
  readonly kind: ProviderKind;
  readonly title: string;
  /** One sentence for the person who chooses. */
  readonly about: string;
  /** Whether it needs an API key. */
  readonly needsKey: boolean;
  /** Whether everything stays on this machine; nothing goes from such a provider to another without consent. */
  readonly local: boolean;
  /** Models to choose from without asking; the first is taken where an Ability names none. */
  readonly models: readonly string[];
  /**
   * Streams one answer. Expected faults end the stream with `failed`; an abort ends it within 100 ms with
   * `failed` of kind `cancelled`. No retries here: they live in core.
   */
  stream(request: ProviderRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>;
  /** Asks the service for its models, in the order that a person would choose from. */
  listModels?(signal: AbortSignal): Promise<Outcome<readonly ModelInfo[]>>;
  /** Whether its address takes connections just now; sends nothing and costs nothing. */
  reachable?(signal: AbortSignal): Promise<boolean>;
  /** Makes a picture of a description. */
  readonly image?: Making;
  /** Speaks a text. */
  readonly speech?: Making;
}

/** Something that a service makes of words, for money. */
export interface Making {
  readonly model: string;
  /** The most characters of words that it takes. */
  readonly longest: number;
  /** What it costs in US dollars, about; by the facts of the models' date. */
  usd(words: string): number;
  make(words: string, signal: AbortSignal): Promise<Outcome<Made>>;
}

/** What a service made: a whole file of a type such as `image/png`. */
export interface Made {
  readonly type: string;
  readonly bytes: Uint8Array;
}
