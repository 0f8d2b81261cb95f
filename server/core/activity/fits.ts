import type { Act, ActFilter } from '../../protocol/activity.ts';

/** Whether an act is one that the filter asks for. */
export function fits(filter: ActFilter, act: Act): boolean {
  const { since, until, actor, tools, effects, outcomes: ends, job, ability, words } = filter;
  return (
    (since === undefined || act.time >= since) &&
    (until === undefined || act.time <= until) &&
    (actor === undefined || act.actor.split(':', 1)[0] === actor) &&
    (tools === undefined || tools.includes(act.tool)) &&
    (effects === undefined || effects.some((effect) => act.effects.includes(effect))) &&
    (ends === undefined || ends.includes(act.outcome)) &&
    (job === undefined || act.job === job) &&
    (ability === undefined || act.ability === ability) &&
    (words === undefined || holds(act, words))
  );
}

function holds(act: Act, words: readonly string[]): boolean {
  const text = [act.title, act.tool, act.note, ...act.objects].join('\n').toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
