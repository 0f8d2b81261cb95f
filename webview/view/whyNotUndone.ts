import type { EffectKind } from '../../server/protocol/effect.ts';
import type { Call } from '../../server/protocol/turn.ts';
import type { TextKey } from '../strings.ts';

/** Why what a call did cannot be taken back; `null` where it did nothing of that kind, or did not do it. */
export function whyNotUndone({ state, undoable, started }: Call): TextKey | null {
  if (undoable || !started || (state !== 'ok' && state !== 'error' && state !== 'interrupted')) return null;
  const kinds = new Set(started.effects.map(({ kind }) => kind));
  const first = order.find((kind) => kinds.has(kind));
  return first ? (reasons[first] ?? null) : null;
}

/** What weighs most comes first. */
const order: readonly EffectKind[] = [
  'send',
  'spend',
  'publish',
  'mcp',
  'run',
  'network',
  'configure',
  'delete',
  'write',
];

const reasons: Partial<Record<EffectKind, TextKey>> = {
  send: 'why.send',
  spend: 'why.spend',
  publish: 'why.publish',
  mcp: 'why.mcp',
  run: 'why.run',
  network: 'why.network',
  configure: 'why.configure',
  delete: 'why.file',
  write: 'why.file',
};
