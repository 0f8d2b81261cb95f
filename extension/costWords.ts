import type { Cost } from '../server/protocol/cost.ts';
import type { Translate } from './translate.ts';

/** What was spent, in money and tokens; what has no known price says so. */
export function costWords(cost: Cost, t: Translate, language?: string): string {
  const tokens = t('{0} tokens', countWords(cost.tokens, language));
  return cost.tokens === 0 ? t('nothing spent') : `${priceWords(cost, t, language)} · ${tokens}`;
}

/** The money of a cost, or that none can be named. */
export function priceWords({ usd, unpriced }: Cost, t: Translate, language?: string): string {
  const money = moneyWords(usd, language);
  if (!unpriced) return money;
  return usd === 0 ? t('no price known') : t('at least {0}', money);
}

/** US dollars, with as many places as it takes to see small sums. */
export function moneyWords(usd: number, language?: string): string {
  const places = usd > 0 && usd < 0.1 ? 4 : 2;
  const style = { style: 'currency', currency: 'USD', minimumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(language, { ...style, maximumFractionDigits: places }).format(usd);
}

/** A number as a person reads it at a glance. */
export function countWords(count: number, language?: string): string {
  const short = count < 10_000 ? 'standard' : 'compact';
  return new Intl.NumberFormat(language, { notation: short, maximumFractionDigits: 1 }).format(count);
}
