/** A tool call as the model asks for it. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model says in one turn, its text in the pieces it comes in. */
export interface Answer {
  /** Names the turn and its call. */
  readonly id: string;
  readonly model: string;
  readonly text: readonly string[];
  readonly call: ToolCall | null;
}

/** What a request holds, whatever its wire. */
export interface Conversation {
  /** Names of the tools offered. */
  readonly tools: readonly string[];
  /** Everything that the model reads, in the order it reads it: tools, system prompt, then one entry a message. */
  readonly parts: readonly unknown[];
  readonly calls: readonly { readonly id: string; readonly input: string }[];
  /** Ids of the calls that have a result. */
  readonly results: readonly string[];
  /** The JSON Schema that the answer is to keep to, where the request names one. */
  readonly form?: Form | undefined;
}

/** As much of a JSON Schema as it takes to make the emptiest value that keeps to it. */
export interface Form {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
}

/** An answer as events of a stream, by what they carry. */
export interface Stream {
  readonly opening: readonly string[];
  readonly text: readonly string[];
  readonly call: readonly string[];
  readonly closing: readonly string[];
}

/** A provider's format of requests and answers. */
export interface Wire {
  /** Whether a path asks for an answer of this wire. */
  serves(path: string): boolean;
  streams(path: string, body: object): boolean;
  read(body: object): Conversation;
  stream(answer: Answer): Stream;
  /** The answer in one piece. */
  whole(answer: Answer): object;
  /** The body of an error. */
  error(status: number, words: string): object;
  /** The status by which the provider says that it is overloaded. */
  readonly overloaded: number;
}

/** An event that has no name, as a stream carries it. */
export const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/** An event with a name, which its data repeats. */
export const named = (type: string, value: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;

/** The JSON of a call's input in two pieces. */
export function halves(input: object): [string, string] {
  const text = JSON.stringify(input);
  return [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];
}
