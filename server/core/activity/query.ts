import type { ActFilter } from '../../protocol/activity.ts';
import type { EffectKind } from '../../protocol/effect.ts';
import { bad, good, type Outcome } from '../../protocol/failure.ts';
import { type Span, spanAt, type Today } from './calendar.ts';
import { fields, meaning, never, type Reading, setActor } from './reading.ts';
import { actors, by, fillers, kinds, nouns, outcomes, verbs } from './words.ts';

/** A question as it was understood. */
export interface Understood {
  readonly filter: ActFilter;
  /** In words, for the person who asked. */
  readonly understood: string;
}

/**
 * Understands a person's question about what was done, in English or German: "mail sent this week", "files
 * deleted in the last 3 days", `tool:run_command outcome:failed "npm test"`. Words that it does not know are
 * searched for as text; what can never be found is a failure that names the words.
 */
export function understand(query: string, today: Today): Outcome<Understood> {
  const reading: Reading = { wants: [], does: [], spans: [], words: [], outcomes: [], tools: [], fields: {} };
  const tokens = tokensOf(query);
  for (let at = 0; at < tokens.length; ) {
    const taken = takeField(tokens, at, reading, today) ?? takePhrase(tokens, at, reading, today);
    if (!taken.ok) return taken;
    at += taken.value;
  }
  return conclude(reading);
}

interface Token {
  readonly text: string;
  /** Lower case, without the signs around it; empty for quoted text. */
  readonly word: string;
}

function tokensOf(query: string): Token[] {
  return [...query.matchAll(/([a-z]+:)?["“„]([^"“”„]*)["“”]|\S+/giu)].flatMap(([whole, key, quoted]) => {
    if (quoted !== undefined && key === undefined)
      return quoted.trim() ? [{ text: quoted.trim(), word: '' }] : [];
    const text = quoted === undefined ? whole : `${key}${quoted}`;
    const word = text.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    return [{ text, word }];
  });
}

/** `key:value`; `null` where the word is none of these. */
function takeField(
  tokens: readonly Token[],
  at: number,
  reading: Reading,
  today: Today,
): Outcome<number> | null {
  const [, key = '', value = ''] = /^([a-zäöü]+):(.+)$/iu.exec(tokens[at]?.text ?? '') ?? [];
  const take = Object.hasOwn(fields, key.toLowerCase()) ? fields[key.toLowerCase()] : undefined;
  if (!take || tokens[at]?.word === '') return null;
  const fault = take(value, reading, today);
  return fault ? bad(fault) : good(1);
}

/** A time, who did it, a known word, or text to search for; answers how many words it took. */
function takePhrase(tokens: readonly Token[], at: number, reading: Reading, today: Today): Outcome<number> {
  const { text, word } = tokens[at] as Token;
  if (word === '') {
    if (/[\p{L}\p{N}]/u.test(text)) reading.words.push(text);
    return good(1);
  }
  const rest = tokens.slice(at, at + 8).map((token) => token.word);
  const span = spanAt(rest, today);
  if (span) {
    reading.spans.push(span.span);
    return good(span.length);
  }
  const article = ['the', 'dem', 'den', 'der', 'einem'].includes(rest[1] ?? '') ? 1 : 0;
  const who = by.has(word) ? meaning(actors, rest[1 + article] ?? '') : undefined;
  if (who) {
    const fault = setActor(reading, who);
    return fault ? bad(fault) : good(2 + article);
  }
  takeWord(text, word, reading);
  return good(1);
}

function takeWord(text: string, word: string, reading: Reading): void {
  const noun = meaning(nouns, word);
  const verb = meaning(verbs, word);
  const end = meaning(outcomes, word);
  const kind = meaning(kinds, word);
  if (noun) reading.wants.push({ word, effects: noun });
  else if (verb) reading.does.push({ word, effects: verb });
  else if (end) reading.outcomes.push(...end);
  else if (kind) reading.tools.push(...kind);
  else if (!fillers.has(word) && !by.has(word)) reading.words.push(text.replace(/^[,;!?]+|[,;!?]+$/g, ''));
}

/** Joins what was read into one filter; each noun and the verbs together narrow, and so does each time. */
function conclude(reading: Reading): Outcome<Understood> {
  const { wants, does, spans, fields: set } = reading;
  const verbGroup = {
    word: does.map(({ word }) => word).join(' or '),
    effects: does.flatMap((one) => one.effects),
  };
  const groups = does.length > 0 ? [...wants, verbGroup] : wants;
  let effects: readonly EffectKind[] | null = null;
  for (const [index, group] of groups.entries()) {
    const narrowed: readonly EffectKind[] =
      effects?.filter((one) => group.effects.includes(one)) ?? group.effects;
    if (narrowed.length === 0) return bad(never(groups[index - 1]?.word ?? '', group.word));
    effects = narrowed;
  }
  const since = spans.flatMap((span) => span.since ?? []);
  const until = spans.flatMap((span) => span.until ?? []);
  const begin = since.length > 0 ? Math.max(...since) : undefined;
  const end = until.length > 0 ? Math.min(...until) : undefined;
  if (begin !== undefined && end !== undefined && begin > end) {
    return bad(never(...(spans.slice(0, 2).map((span) => span.words) as [string, string])));
  }
  const filter: ActFilter = {
    ...(begin === undefined ? {} : { since: begin }),
    ...(end === undefined ? {} : { until: end }),
    ...set,
    ...(reading.tools.length > 0 ? { tools: [...new Set(reading.tools)] } : {}),
    ...(effects ? { effects: [...new Set(effects)] } : {}),
    ...(reading.outcomes.length > 0 ? { outcomes: [...new Set(reading.outcomes)] } : {}),
    ...(reading.words.length > 0 ? { words: reading.words } : {}),
  };
  return good({ filter, understood: told(filter, spans) });
}

function told(filter: ActFilter, spans: readonly Span[]): string {
  const { actor: who, tools, effects, outcomes: ends, words } = filter;
  const parts = [
    effects ? `effect ${effects.join(' or ')}` : '',
    tools ? `tool ${tools.join(' or ')}` : '',
    ends ? `outcome ${ends.join(' or ')}` : '',
    who ? `by the ${who}` : '',
    ...spans.map((span) => span.words),
    filter.job ? `job ${filter.job}` : '',
    filter.ability ? `Ability ${filter.ability}` : '',
    words ? `with ${words.map((word) => `"${word}"`).join(' and ')}` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' · ') : 'everything';
}
