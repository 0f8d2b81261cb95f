import type { Act } from '../server/protocol/activity.ts';
import type { Entry } from '../server/protocol/journal.ts';
import { revealed } from '../server/protocol/reveal.ts';
import { entryWords } from './entryWords.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';

/** How an outcome looks: a codicon, the theme colour where it has one, and the word. */
export interface OutcomeLook {
  readonly icon: string;
  readonly colour?: string;
  readonly words: string;
}

/** How an act came out. */
export function outcomeLook(outcome: Act['outcome'], t: Translate): OutcomeLook {
  const looks: Record<Act['outcome'], () => OutcomeLook> = {
    ok: () => ({ icon: 'pass', colour: 'testing.iconPassed', words: t('done') }),
    failed: () => ({ icon: 'error', colour: 'testing.iconFailed', words: t('failed') }),
    denied: () => ({ icon: 'circle-slash', words: t('denied by you') }),
    refused: () => ({ icon: 'shield', words: t('refused by the policy') }),
    interrupted: () => ({ icon: 'debug-disconnect', words: t('interrupted') }),
    undone: () => ({ icon: 'discard', words: t('taken back') }),
    waiting: () => ({ icon: 'question', words: t('waits for you') }),
    running: () => ({ icon: 'sync~spin', words: t('running') }),
  };
  return looks[outcome]();
}

/** Who did it: a person on some surface, an agent, or the worker itself. */
export function actorWords(actor: string, t: Translate): string {
  const [kind = '', name = ''] = actor.split(':', 2);
  if (kind === 'person') return name ? t('you ({0})', plainText(name, 40)) : t('you');
  if (kind === 'agent') return t('the agent');
  return kind === 'worker' ? t('the butler') : plainText(actor, 60);
}

/** All that is known of an act, to be read, with the entry of the journal that began it. */
export function actText(act: Act, entry: Entry | null, t: Translate): string {
  const line = (name: string, value: string) => (value === '' ? [] : [`${name}: ${value}`]);
  const objects = act.objects.map((object) => `  ${revealed(object)}`);
  return [
    revealed(t.titled(act.title)),
    '',
    ...line(t('Outcome'), outcomeLook(act.outcome, t).words),
    ...line(t('Why'), revealed(t.said(act.note))),
    ...line(t('When'), new Date(act.time).toLocaleString()),
    ...line(t('Who'), `${actorWords(act.actor, t)} (${revealed(act.actor)})`),
    ...line(t('Tool'), revealed(act.tool)),
    ...line(t('Effects'), act.effects.join(', ')),
    ...(objects.length > 0 ? [`${t('Objects')}:`, ...objects] : []),
    ...line(t('Ability'), act.ability ?? ''),
    ...line(t('Job'), act.job ?? ''),
    ...line(t('Session'), act.session ?? ''),
    ...line(t('Number in the journal'), String(act.seq)),
    ...(entry ? entryText(entry, t) : []),
    '',
  ].join('\n');
}

function entryText(entry: Entry, t: Translate): string[] {
  const data = JSON.stringify(entry.data, null, 2).split('\n');
  return ['', entryWords(entry, t).label, `${entry.type} · ${entry.hash}`, ...data.map(revealed)];
}
