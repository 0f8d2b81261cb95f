/** A part of a message as Gemini writes and reads it (https://ai.google.dev/api/caching#Part). */
export interface WirePart {
  readonly text?: string;
  /** Whether the text is a thought. */
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  readonly functionCall?: { readonly id?: string; readonly name?: string; readonly args?: object };
  readonly functionResponse?: { readonly id: string; readonly name: string; readonly response: object };
}

/** A message as Gemini reads it. */
export interface WireContent {
  readonly role: 'user' | 'model';
  readonly parts: readonly WirePart[];
}

/** A piece of an answer (https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse). */
export interface WireEvent {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly WirePart[] };
    readonly finishReason?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: WireUsage;
  readonly error?: { readonly code?: number };
}

/** Tokens as Gemini counts them; those that its cache served are part of the prompt's. */
export interface WireUsage {
  readonly promptTokenCount?: number;
  readonly toolUsePromptTokenCount?: number;
  readonly cachedContentTokenCount?: number;
  readonly candidatesTokenCount?: number;
  readonly thoughtsTokenCount?: number;
}
