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
  /** Whether it asks a model elsewhere all the same, though it is itself on this machine. */
  goesAway?(model: string): boolean;
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
  /** Makes a video of a description. */
  readonly video?: Filming;
}

/** A video that is wanted. */
export interface VideoWish {
  /** Another model than the usual one of the service. */
  readonly model?: string | undefined;
  readonly words: string;
  readonly seconds: number;
  /** Whether it stands upright, as on a phone. */
  readonly tall: boolean;
  /** What it begins with. */
  readonly image: ImageData | null;
}

/**
 * Makes videos, which takes minutes: one is begun, waited for and taken, each as often as a crash or the network
 * needs it. What was begun goes on without us; its name is all that is needed to find it again.
 */
export interface Filming {
  /** The model that is taken where a wish names none. */
  readonly model: string;
  /** The most characters of words that it takes. */
  readonly longest: number;
  /** The lengths that it takes, in seconds. */
  readonly seconds: readonly number[];
  /** What it costs in US dollars, about, by the facts of the models' date; `null` where no price is known. */
  usd(wish: VideoWish): number | null;
  /** Orders it, and answers its name. */
  begin(wish: VideoWish, order: FilmOrder): Promise<Outcome<string>>;
  /** Waits until it is ready, through faults of the network; answers where it lies. An abort leaves it under way. */
  wait(film: string, watch: FilmWatch): Promise<Outcome<string>>;
  /** Hands its bytes on as they come, and answers what became of them. */
  take<T>(
    film: { readonly name: string; readonly at: string },
    keep: (pieces: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Outcome<T>>;
  /** Tells the service that it is not wanted any more, and answers whether it heard that; takes a second at most. */
  stop(film: string): Promise<boolean>;
}

/** How a video is ordered. */
export interface FilmOrder {
  /** The same twice is one order where the service knows of that. */
  readonly once: string;
  readonly signal: AbortSignal;
  /** Told where the service said yes, but its name did not come: it is made and paid for, and nobody finds it. */
  taken(): void;
}

/** How a video is waited for. */
export interface FilmWatch {
  readonly signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Hears how far it is, 0 to 1, each time that the service was asked. */
  progress(fraction: number): void;
}

/** Something that a service makes of words, for money. */
export interface Making {
  readonly model: string;
  /** The most characters of words that it takes. */
  readonly longest: number;
  /** What it costs in US dollars, about, by the facts of the models' date; `null` where no price is known. */
  usd(words: string): number | null;
  /** Makes it; `taken` is told once the service says yes: from then on it is paid for, whatever comes. */
  make(words: string, signal: AbortSignal, taken?: () => void): Promise<Outcome<Made>>;
}

/** What a service made: a whole file of a type such as `image/png`. */
export interface Made {
  readonly type: string;
  readonly bytes: Uint8Array;
}
