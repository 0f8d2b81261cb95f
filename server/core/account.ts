import type { JobRun } from './jobRun.ts';
import type { ModelFacts } from './models.ts';
import type { ImageData, ProviderMessage } from './ports/provider.ts';
import { roomOf } from './prompt.ts';
import { newlyTold, type Piece, type Told, tell } from './telling.ts';
import { bytesOf } from './tokens.ts';

/** What an external agent is told to do, with an account of what went before. */
export interface Account {
  readonly text: string;
  readonly images: readonly ImageData[];
}

/**
 * Tells an agent that knows nothing of the session what a run is about: what was said and done before, in plain
 * words and the newest of it, and then the words that nobody answered yet.
 */
export function accountOf(
  { job, ability, transcript }: Pick<JobRun, 'job' | 'ability' | 'transcript'>,
  facts: ModelFacts,
  images: Told['images'],
): Account {
  const room = roomOf(facts);
  const manner = {
    by: { provider: ability.provider, model: ability.model },
    thoughtless: 0,
    room,
    outputs: { longest: longestResult, readable: false },
    longestRecall: bytesOf(room * recallShare),
  };
  const pieces = tell(job.id, transcript(), manner, newlyTold(images));
  const answered = pieces.findLastIndex(({ turn }) => turn.kind !== 'person') + 1;
  const fresh = pieces.slice(answered).flatMap(({ messages }) => messages);
  const words = fresh.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  const before = newest(pieces.slice(0, answered), bytesOf(room * accountShare));
  const now = words.length > 0 ? words.join('\n\n') : goOn;
  return {
    text: before === '' ? now : `${head}\n\n${before}\n\n${foot}\n\n${now}`,
    images: fresh.flatMap((message) => (message.role === 'user' ? (message.images ?? []) : [])),
  };
}

/** The longest result of a tool that is told again, in characters. */
const longestResult = 4_000;
/** The shares of a request's room that the record of what was compacted, and the whole account, may take. */
const recallShare = 0.1;
const accountShare = 0.3;

const head = '# An account of this session so far; what it says was done is done';
const foot = '# What is to be done now';
const goOn = 'The work on this was cut off. Look what of it is done, and go on from there.';

/** The newest pieces within a length, told as text. */
function newest(pieces: readonly Piece[], longest: number): string {
  const texts: string[] = [];
  let length = 0;
  for (const { messages } of pieces.toReversed()) {
    const text = messages.map(worded).join('\n\n');
    length += text.length;
    if (length > longest) return ['(What was before that is left out.)', ...texts].join('\n\n');
    texts.unshift(text);
  }
  return texts.join('\n\n');
}

function worded(message: ProviderMessage): string {
  switch (message.role) {
    case 'user':
      return `## The person\n${message.text}`;
    case 'assistant':
      return `## You\n${message.parts
        .flatMap((part) => {
          if (part.kind === 'thinking') return [];
          return part.kind === 'text' ? [part.text] : [`(called ${part.tool} ${JSON.stringify(part.input)})`];
        })
        .join('\n')}`;
    case 'tool':
      return message.results
        .map(({ tool, output, error }) => `## ${tool}${error ? ' failed' : ''}\n${output}`)
        .join('\n\n');
  }
}
