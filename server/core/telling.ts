import type { ModelChoice, Part } from '../protocol/provider.ts';
import type { Transcript } from '../protocol/transcript.ts';
import type { Call, Turn } from '../protocol/turn.ts';
import { attachedWords } from './attachments.ts';
import { isEnded } from './jobStates.ts';
import { type Telling, toldOutput } from './outputs.ts';
import type { ImageData, ProviderMessage, ProviderRequest } from './ports/provider.ts';
import { type CompactedTurn, type Recalling, recall, type SpokenTurn } from './recall.ts';
import { sizeOf, sizeOfImage } from './tokens.ts';

/** The messages that a turn makes, or that stand for all the turns that were compacted. */
export interface Piece {
  readonly turn: SpokenTurn | CompactedTurn;
  readonly messages: readonly ProviderMessage[];
  /** In bytes; see `tokens.ts`. */
  readonly size: number;
}

/** How a conversation is told: what it depends on beside the journal. */
export interface Manner extends Recalling {
  /** The model that is told it: only what it thought itself is given back, and only the phases of its own words. */
  readonly by: ModelChoice;
  /** The entry up to which it does not take back even that; 0 for none. */
  readonly thoughtless: number;
  /** The longest request of the model, in tokens. */
  readonly room: number;
}

/** What earlier requests of a run made of each turn, so that it is made once; and the images that were read. */
export interface Told {
  manner: string;
  pieces: WeakMap<Turn, Piece>;
  /** By digest; `null` where the image was deleted. */
  readonly images: Map<string, ImageData | null>;
}

/** Before the first request. */
export const newlyTold = (images: Told['images'] = new Map()): Told => ({
  manner: '',
  pieces: new WeakMap(),
  images,
});

/**
 * The entry up to which a model does not take back what it thought: a request with that was not accepted and made
 * again without, and with it each job would begin with a request that is refused.
 */
export function thoughtlessUpTo({ turns }: Transcript, by: ModelChoice): number {
  const refusal = turns.findLast(
    (turn) => turn.kind === 'attempt' && turn.provider === by.provider && turn.thoughtless === by.model,
  );
  return Number(refusal?.key ?? 0);
}

/** Whether a request gives something back that only its model takes: what it thought, and the phases of what it said. */
export function tellsThoughts({ messages }: Pick<ProviderRequest, 'messages'>): boolean {
  return messages.some((message) => message.role === 'assistant' && message.parts.some(isForItsOwn));
}

function isForItsOwn(part: Part): boolean {
  return part.kind === 'thinking' || (part.kind === 'text' && part.phase !== undefined);
}

/**
 * The conversation as a job's next request tells it: each turn that it has heard, whole, and in place of all
 * that was compacted what the journal knows of it. Pieces are only ever added at the end, but for a compaction.
 */
export function tell(job: string, transcript: Transcript, manner: Manner, told: Told): readonly Piece[] {
  const key = JSON.stringify(manner);
  if (told.manner !== key) Object.assign(told, { manner: key, pieces: new WeakMap() });
  const { compacted, covered, whole } = heardBy(job, transcript, manner.room);
  const remembered = <T extends Piece['turn']>(turn: T, make: (turn: T) => Piece): Piece => {
    const known = told.pieces.get(turn);
    if (known) return known;
    const piece = make(turn);
    told.pieces.set(turn, piece);
    return piece;
  };
  const rest = whole.map((turn) => remembered(turn, (one) => pieceOf(one, manner, told)));
  if (!compacted) return rest;
  const head = remembered(compacted, (turn) => {
    const text = recall(turn, covered, transcript.turns, manner);
    return { turn, messages: [{ role: 'user', text }], size: sizeOf(text) };
  });
  return [head, ...rest];
}

/**
 * What a job has heard: the newest compaction that was made for no less room, the turns that it covers, and those
 * that are told whole. What was compacted for a smaller model, that took over for a while, a larger one is told whole.
 */
function heardBy(
  job: string,
  transcript: Transcript,
  room: number,
): {
  readonly compacted: CompactedTurn | null;
  readonly covered: readonly SpokenTurn[];
  readonly whole: readonly SpokenTurn[];
} {
  const { turns, isHeard } = hearing(job, transcript);
  const compacted = transcript.turns.findLast(
    (turn): turn is CompactedTurn => turn.kind === 'compacted' && turn.room >= room && isHeard(turn.job),
  );
  const place = compacted ? turns.findIndex(({ key }) => key === String(compacted.upTo)) : -1;
  if (!compacted || place === -1) return { compacted: null, covered: [], whole: turns };
  const isCovered = (turn: SpokenTurn, index: number) =>
    index <= place && Number(turn.key) < Number(compacted.key);
  return {
    compacted,
    covered: turns.filter(isCovered),
    whole: turns.filter((turn, index) => !isCovered(turn, index)),
  };
}

/**
 * What was spoken in the jobs that came to an end before this one, and in this one. Jobs come whole and in the
 * order they were created; one still at work, one that came later and one that is told no more are left out.
 */
function hearing(job: string, { turns, jobs, replaced }: Transcript) {
  const order = new Map<string, number>();
  for (const turn of turns)
    if (turn.kind === 'person' && !order.has(turn.job)) order.set(turn.job, order.size);
  const place = order.get(job) ?? 0;
  const hears = (one: string) => {
    const state = jobs[one];
    if (one === job) return true;
    const at = order.get(one);
    return at !== undefined && at < place && !replaced[one] && state !== undefined && isEnded(state);
  };
  const heard = new Map([...order.keys()].map((one) => [one, hears(one)]));
  const isHeard = (one: string) => heard.get(one) === true;
  const spoken = turns.filter(
    (turn): turn is SpokenTurn => (turn.kind === 'person' || turn.kind === 'assistant') && isHeard(turn.job),
  );
  if (order.size > 1) spoken.sort((one, other) => (order.get(one.job) ?? 0) - (order.get(other.job) ?? 0));
  return { turns: spoken, isHeard };
}

function pieceOf(turn: SpokenTurn, manner: Manner, { images }: Told): Piece {
  const messages = messagesOf(turn, manner, images);
  const shown = turn.kind === 'person' ? turn.images.filter(({ digest }) => images.get(digest)) : [];
  const sizes = [...messages.map(sizeOfMessage), ...shown.map(sizeOfImage)];
  return { turn, messages, size: sizes.reduce((sum, size) => sum + size, 0) };
}

function messagesOf(
  turn: SpokenTurn,
  { by, thoughtless, outputs }: Manner,
  images: Told['images'],
): ProviderMessage[] {
  if (turn.kind === 'person') return [personMessage(turn, images)];
  const isOwn = turn.provider === by.provider && turn.model === by.model && Number(turn.key) > thoughtless;
  const parts = isOwn ? turn.parts : turn.parts.flatMap(toldToOthers);
  if (parts.length === 0) return [];
  const said: ProviderMessage = { role: 'assistant', parts };
  if (turn.calls.length === 0) return [said];
  return [said, { role: 'tool', results: turn.calls.map((call) => resultOf(call, outputs)) }];
}

/** What is told of a part to a model that did not say it, or does not take it back as it was. */
function toldToOthers(part: Part): Part[] {
  if (part.kind === 'text') return [{ kind: 'text', text: part.text }];
  return part.kind === 'thinking' ? [] : [part];
}

function personMessage(
  { text, images: handed, files }: Extract<Turn, { kind: 'person' }>,
  images: Told['images'],
): ProviderMessage {
  const shown = handed.flatMap(({ digest }) => images.get(digest) ?? []);
  const gone = handed.length - shown.length;
  const note = gone > 0 ? `\n\n(Not shown: ${gone} of ${handed.length} images.)` : '';
  return {
    role: 'user',
    text: text + attachedWords(files) + note,
    ...(shown.length > 0 ? { images: shown } : {}),
  };
}

/** What is undone had gone well, so an undo changes nothing of what was told. */
function resultOf(call: Call, outputs: Telling) {
  return {
    call: call.call,
    tool: call.tool,
    output: toldOutput(call.call, call.output ?? 'Not run: the job was stopped before.', outputs),
    error: call.output === null || (call.state !== 'ok' && call.state !== 'undone'),
  };
}

/** What the frame of a message costs, in bytes. */
const frame = 24;

/** The size of a message in bytes, without its images. */
export function sizeOfMessage(message: ProviderMessage): number {
  switch (message.role) {
    case 'user':
      return frame + sizeOf(message.text);
    case 'assistant':
      return message.parts.reduce((sum, part) => sum + frame + sizeOfPart(part), frame);
    case 'tool':
      return message.results.reduce((sum, { output }) => sum + frame + sizeOf(output), frame);
  }
}

/** The size of a part of an answer in bytes. */
export function sizeOfPart(part: Part): number {
  if (part.kind === 'call') return sizeOf(part.tool) + sizeOf(JSON.stringify(part.input ?? {}));
  return sizeOf(part.text);
}
