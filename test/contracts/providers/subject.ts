import type { FailureKind } from '../../../server/protocol/failure.ts';
import type { ModelInfo, Usage } from '../../../server/protocol/provider.ts';
import type { Stage } from './listen.ts';

/** How a provider plays a scene, or why it has none. */
export type Scene<Expected> =
  | { readonly set: () => Promise<Stage>; readonly expect: Expected }
  | { readonly deviates: string };

/** The faults that a provider may meet, and the failure that each must come out as. */
export const faults = {
  'the key is missing': 'auth',
  'the key is wrong': 'auth',
  'the key may not do this': 'denied',
  'there is no credit left': 'denied',
  'the address is not that of the service': 'invalid',
  'the service sends the request elsewhere': 'invalid',
  'the service says the key back': 'invalid',
  'there is no such model': 'notFound',
  'the request is not accepted': 'invalid',
  'the request is too large': 'tooLong',
  'the prompt is too long': 'tooLong',
  'the limit is reached': 'limited',
  'the service has a fault': 'overloaded',
  'the service is overloaded': 'overloaded',
  'the service is overloaded in mid-answer': 'overloaded',
  'the connection is refused': 'offline',
  'the name does not resolve': 'offline',
  'the connection is not secure': 'offline',
  'the connection is cut before the answer': 'offline',
  'nothing comes': 'offline',
  'nothing more comes': 'cut',
  'the answer is cut in its text': 'cut',
  'the answer is cut in a tool call': 'cut',
  'the answer ends without its end': 'cut',
  'an event is no JSON': 'malformed',
  'an event has another shape': 'malformed',
  'the input of a tool is no JSON': 'malformed',
  'the answer is no stream': 'malformed',
  'the answer is empty': 'malformed',
  'the answer is refused': 'refused',
  'a tool call is longer than allowed': 'tooLong',
} as const satisfies Record<string, FailureKind>;
export type Fault = keyof typeof faults;

/** One provider and how it plays every scene of the port. */
export interface Subject {
  readonly name: string;
  readonly text: Scene<string>;
  /** The answer holds the text, whatever its characters and however the network cuts them. */
  readonly unicode: Scene<string>;
  /** A thought before a call, and what of it must stand in the next request; `null`: nothing of it may. */
  readonly thinking: Scene<{ thought: string; givenBack: string | null }>;
  readonly parallelCalls: Scene<readonly { tool: string; input: unknown }[]>;
  /** Calls whose pieces come mixed with each other's. */
  readonly mixedCalls: Scene<readonly { tool: string; input: unknown }[]>;
  /** A call, and with its result as the last message, an answer. */
  readonly toolRound: Scene<{ tool: string; input: unknown; output: string; answer: RegExp }>;
  /** A request with an image, and what must stand in it where it is sent. */
  readonly image: Scene<readonly string[]>;
  readonly usage: Scene<Usage>;
  /** An answer that was ended by its allowed length. */
  readonly length: Scene<string>;
  /** Nothing more to say after the result of a tool. */
  readonly nothingLeft: Scene<null>;
  /** An answer of as many pieces as are expected. */
  readonly long: Scene<number>;
  /** An answer in several pieces, whose end is never waited for. */
  readonly slow: Scene<null>;
  /** A call whose input never comes to its end. */
  readonly slowCall: Scene<null>;
  readonly models: Scene<readonly ModelInfo[]>;
  /** A service that is there until it is closed. */
  readonly reachable: Scene<null>;
  readonly faults: Readonly<Record<Fault, Scene<null>>> | { readonly deviates: string };
}
