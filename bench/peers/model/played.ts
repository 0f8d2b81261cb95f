import { wires } from '../wires/index.ts';
import type { Answer, Conversation, Form, Wire } from '../wires/wire.ts';
import { readText, sharedPart } from './prefix.ts';
import type { Asked, Script } from './script.ts';

/** A script under way. */
export interface Play {
  readonly script: Script;
  /** Sets its calls apart from those of every script before, which an agent may remember. */
  readonly number: number;
  readonly asked: Asked[];
  faults: number;
  held: boolean;
  /** What the model read with the last request of the loop. */
  before: string | null;
}

/** Begins a script. */
export const openPlay = (script: Script, number: number): Play => ({
  script,
  number,
  asked: [],
  faults: 0,
  held: false,
  before: null,
});

/** What one request asks, and what the script says to it. */
export interface Turn {
  readonly wire: Wire;
  readonly loop: boolean;
  readonly results: number;
  readonly doubled: number;
  readonly shared: number | null;
  readonly answer: Answer;
}

/** The wire that a path belongs to. */
export const wireOf = (path: string): Wire | undefined =>
  Object.values(wires).find((wire) => wire.serves(path));

/**
 * Reads a request. The round is told from the conversation itself, so that an agent that comes back after a crash
 * goes on from what it really remembers.
 */
export function turnOf(play: Play, wire: Wire, body: object): Turn {
  const conversation = wire.read(body);
  const { script } = play;
  const loop = conversation.tools.includes(script.mark);
  const { results, doubled } = countOf(conversation);
  const text = loop ? readText(conversation) : null;
  const shared = text !== null && play.before !== null ? sharedPart(play.before, text) : null;
  if (text !== null) play.before = text;
  const id = `call_${play.number}_${String(play.asked.length).padStart(6, '0')}`;
  const model = 'mock-model';
  const call = loop ? (script.calls[results] ?? null) : null;
  const words = loop ? wordsOf(call ? results + 1 : null) : [besideOf(conversation)];
  return { wire, loop, results, doubled, shared, answer: { id, model, text: words, call } };
}

const wordsOf = (step: number | null): string[] =>
  step === null ? ['All', ' done', '.'] : ['Step ', `${step}`, '. '];

/** What is said to a request beside the loop: one word, or the emptiest value of the form that it asks for. */
const besideOf = ({ form }: Conversation): string => (form ? JSON.stringify(emptyOf(form)) : 'ok');

function emptyOf({ type = 'object', enum: values, properties = {}, required = [] }: Form): unknown {
  if (values) return values[0];
  if (type.toLowerCase() !== 'object') return empties[type.toLowerCase()] ?? null;
  return Object.fromEntries(required.map((name) => [name, emptyOf(properties[name] ?? {})]));
}

const empties: Readonly<Record<string, unknown>> = {
  string: 'ok',
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
};

function countOf({ calls, results }: Conversation): { results: number; doubled: number } {
  const answered = new Set(results);
  const done = new Map(calls.filter(({ id }) => answered.has(id)).map(({ id, input }) => [id, input]));
  const different = new Set(done.values()).size;
  return { results: different, doubled: done.size - different };
}
