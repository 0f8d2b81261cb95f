import type { ToolCall } from '../wires/wire.ts';

/** What can go wrong with an answer, in the order of the report. */
export const faultNames = [
  'limited',
  'broken',
  'overloaded',
  'cutInText',
  'cutInCall',
  'cutBehindCall',
  'malformed',
] as const;
export type FaultName = (typeof faultNames)[number];

/** What the model does: one call after another, then a closing sentence. */
export interface Script {
  /** The tool by which requests of the agent's loop are told from those beside it. */
  readonly mark: string;
  readonly calls: readonly ToolCall[];
  /** What goes wrong with the request that brings so many results, and how many times. */
  readonly fault?: { readonly name: FaultName; readonly at: number; readonly times: number };
  /** The first request that brings so many results gets no answer. */
  readonly hold?: number;
}

/** One request as the model saw it. */
export interface Asked {
  /** `loop` for a request of the agent's loop, `beside` for another that asks for an answer, `other` for the rest. */
  readonly kind: 'loop' | 'beside' | 'other';
  /** When its head arrived, and the moment just before the last byte of its answer was handed over; ms of `monotonic`. */
  readonly arrived: number;
  answered: number | null;
  readonly bytes: number;
  /** Different calls that have a result. */
  readonly results: number;
  /** Calls that stand in it twice and both have a result. */
  readonly doubled: number;
  /** The part, 0 to 1, of the request before it that it begins with. */
  readonly shared: number | null;
  readonly fault: FaultName | null;
}

/** What the model tells while it plays, about requests of the loop. */
export interface News {
  readonly results: number;
  readonly turn: 'asked' | 'held' | 'closed';
}
