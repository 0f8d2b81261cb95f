import type { Footer } from '../state/footers.ts';
import type { Text } from '../strings.ts';
import { clockTime, count, money } from '../text/measures.ts';
import { useFrame, useText } from './frame.ts';
import { titleOf } from './notes.tsx';

type Counted = Pick<Footer, 'usage' | 'usd' | 'unpriced'>;

/** What a job's messages came to, and each by itself when opened. */
export function Spent({ footer }: { readonly footer: Footer }) {
  const t = useText();
  const { state } = useFrame();
  const { language } = state;
  const whole = inWords(footer, t, language);
  if (whole === null) return null;
  const { bills } = footer;
  if (bills.length < 2) return <span title={about(footer, t, language)}>{whole}</span>;
  return (
    <details class="spent">
      <summary title={about(footer, t, language)}>{whole}</summary>
      <ol aria-label={t('job.costs')}>
        {bills.map((bill) => (
          <li key={bill.key} title={about(bill, t, language)}>
            <span>{clockTime(bill.time, language)}</span>
            <span class="spent-model">{bill.model || titleOf(bill.provider, state)}</span>
            <span>{inWords(bill, t, language)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function inWords({ usage, usd, unpriced }: Counted, t: Text, language: string): string | null {
  if (!usage) return costOf(usd, unpriced, t, language);
  const tokens = t(usage.estimated ? 'job.tokensEstimated' : 'job.tokens', {
    input: count(usage.input, language),
    output: count(usage.output, language),
  });
  const cost = costOf(usd, unpriced, t, language);
  return cost === null ? tokens : `${tokens} · ${cost}`;
}

/** Money in words; `null` where it costs nothing. */
function costOf(usd: number | null, unpriced: boolean, t: Text, language: string): string | null {
  if (usd === null) return unpriced ? t('job.unpriced') : null;
  if (usd === 0 && !unpriced) return null;
  return t(unpriced ? 'job.partlyPriced' : 'job.usd', { usd: money(usd, language) });
}

function about({ usage }: Counted, t: Text, language: string): string {
  const number = (value: number | undefined) => count(value ?? 0, language);
  const words = t('job.tokensAbout', {
    input: number(usage?.input),
    cached: number(usage?.cacheRead),
    output: number(usage?.output),
  });
  return usage?.estimated ? `${words}. ${t('job.tokensEstimatedAbout')}` : words;
}
