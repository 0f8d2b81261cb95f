import type { JobRun } from './jobRun.ts';
import { type MarkupFilter, openMarkupFilter } from './markup.ts';
import type { ProviderEvent } from './ports/provider.ts';
import type { Redactor } from './redactor.ts';

/** What streams while an answer is made. */
type Piece = Extract<ProviderEvent, { kind: 'text' | 'thinking' | 'tool' }>;

/** The screen on which answers stream in. */
export interface ShownTokens {
  show(piece: Piece): void;
  /** The answer is whole: what was held back of it is shown, and another may begin. */
  end(): void;
  /** It came to nothing: what was held back is forgotten. */
  drop(): void;
}

/** Shows answers on their way, without known secrets (SECURITY S13) and without tool calls written as text (SPEC C3). */
export function openShownTokens({
  job,
  ports: { redactor, emit },
}: Pick<JobRun, 'job' | 'ports'>): ShownTokens {
  const begun = (): Shown => ({
    markup: openMarkupFilter(),
    text: redactor.knownStream(),
    thinking: redactor.knownStream(),
  });
  let shown = begun();
  const tell = (token: Piece['kind'], text: string) => {
    if (text !== '') emit({ kind: 'token', job, token, text });
  };
  return {
    show: (piece) => {
      if (piece.kind === 'tool') return tell('tool', redactor.known(piece.tool));
      const text = piece.kind === 'text' ? shown.markup.take(piece.text) : piece.text;
      tell(piece.kind, shown[piece.kind].push(text));
    },
    end: () => {
      for (const token of ['thinking', 'text'] as const) tell(token, shown[token].end());
      shown = begun();
    },
    drop: () => {
      shown = begun();
    },
  };
}

interface Shown {
  readonly markup: MarkupFilter;
  readonly text: ReturnType<Redactor['stream']>;
  readonly thinking: ReturnType<Redactor['stream']>;
}
