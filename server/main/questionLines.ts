import type { Approval } from '../protocol/approval.ts';
import type { Effect } from '../protocol/effect.ts';
import { effectObject, quotedWords } from '../protocol/effectText.ts';
import { revealed } from '../protocol/reveal.ts';

/** What a question is about, a line for each effect; nothing in it is invisible (SECURITY S12). */
export function effectLines({ effects }: Pick<Approval, 'effects'>): string[] {
  return effects.filter(({ kind }) => kind !== 'ask').map(lineOf);
}

function lineOf(effect: Effect): string {
  const words = effect.kind === 'run' ? runWords(effect) : placeWords(effect);
  const lasts = 'reversible' in effect && effect.reversible === false ? ['cannot be taken back'] : [];
  const object = effect.kind === 'run' ? quotedWords(effect.argv) : effectObject(effect);
  const rest = [...words, ...lasts].join(', ');
  return `${effect.kind} ${revealed(object)}${rest === '' ? '' : ` (${rest})`}`;
}

function runWords({ cwd, sandboxed, unclear }: Extract<Effect, { kind: 'run' }>): string[] {
  return [
    `in ${revealed(cwd)}`,
    sandboxed === true ? 'in a sandbox' : 'NOT in a sandbox',
    ...(unclear === undefined ? [] : [`nobody can tell what it does: ${revealed(unclear)}`]),
  ];
}

function placeWords(effect: Effect): string[] {
  if (!('place' in effect) || effect.place === 'workspace') return [];
  return [effect.place === 'outside' ? 'outside the workspace' : "the butler's own files"];
}
