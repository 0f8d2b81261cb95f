import type { Preview } from '../server/protocol/approval.ts';
import type { Effect } from '../server/protocol/effect.ts';
import { quotedWords } from '../server/protocol/effectText.ts';
import type { Asked } from './board.ts';
import { isWhole, plainText } from './plainText.ts';
import { visibilityWords } from './publicationWords.ts';
import type { Translate } from './translate.ts';

/** A waiting question as a label or notification shows it. */
export interface QuestionLine {
  readonly text: string;
  /**
   * Whether the line shows all that a person needs to approve it there; otherwise it is approved where it shows in
   * full (SECURITY S6, S12).
   */
  readonly whole: boolean;
}

type Run = Extract<Effect, { kind: 'run' }>;

/** Says in one line what waits; of a command its programs with their words, and what holds it. */
export function questionLine({ approval, preview }: Asked, t: Translate): QuestionLine {
  const { effects, protected: guarded } = approval;
  const title = t.titled(approval.title);
  const ask = effects.find((effect) => effect.kind === 'ask');
  if (ask) return { text: plainText(ask.question), whole: false };
  const runs = effects.filter((effect): effect is Run => effect.kind === 'run');
  const commands = runs.map(({ argv }) => quotedWords(argv)).join(' · ');
  const held = runs.every(({ sandboxed }) => sandboxed === true);
  const state = held ? t('in a sandbox') : t('NOT in a sandbox');
  const told = title.endsWith(commands) ? title : `${title}: ${commands}`;
  const text = runs.length === 0 ? `${title}${publicationWords(preview, t)}` : `${told} (${state})`;
  const whole = !guarded && isWhole(text) && (runs.length > 0 ? isPlain(effects) : !hasContent(preview));
  return { text: plainText(text), whole };
}

/** Whether programs are all that a command is: it writes nowhere by itself and reaches nobody. */
function isPlain(effects: readonly Effect[]): boolean {
  return effects.every((effect) => effect.kind === 'read' || (effect.kind === 'run' && !effect.unclear));
}

/** Whether there is more to see than fits in a line, as what would be written. */
function hasContent(preview: Preview | null): boolean {
  if (preview?.kind !== 'files') return preview !== null;
  return (preview.notes ?? []).length > 0;
}

/** Who will see a publication, where that is anybody else, and what it takes away there. */
function publicationWords(preview: Preview | null, t: Translate): string {
  if (preview?.kind !== 'files') return '';
  const { files, visibility = 'local' } = preview;
  const gone = files.filter(({ change }) => change === 'delete').length;
  const words = [
    ...(visibility === 'local' ? [] : [visibilityWords(visibility, t)]),
    ...(gone === 0 ? [] : [t('deletes {0} there', gone)]),
  ];
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}
