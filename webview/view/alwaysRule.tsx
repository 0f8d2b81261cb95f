import { useEffect, useRef } from 'preact/hooks';
import type { PolicyRule } from '../../server/protocol/policy.ts';
import { ruleWords } from '../text/ruleWords.ts';
import { Button } from './button.tsx';
import { useSeen } from './decision.ts';
import { useText } from './frame.ts';
import { LongText, Revealed } from './revealed.tsx';

interface AlwaysProps {
  readonly rule: PolicyRule;
  readonly sent: boolean;
  onWrite(): void;
  onBack(): void;
}

/** The second step of "always": the rule that would be written, in words and as it stands in the file. */
export function AlwaysRule({ rule, sent, onWrite, onBack }: AlwaysProps) {
  const t = useText();
  const place = useRef<HTMLElement>(null);
  const json = written(rule);
  const seen = useSeen(json, place);
  useEffect(() => place.current?.focus(), []);
  return (
    <section
      class="always-rule"
      aria-label={t('always.label')}
      tabIndex={-1}
      ref={place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onBack();
      }}
    >
      <p>{t('always.lead')}</p>
      <ul class="rule-words">
        {ruleWords(rule, t).map((words) => (
          <li key={words}>
            <Revealed text={words} />
          </li>
        ))}
      </ul>
      <LongText text={json} label={t('always.json')} />
      <p class="faint">{t('always.still')}</p>
      <div class="buttons">
        <Button icon="law" disabled={sent} onPress={() => seen() && onWrite()}>
          {t('always.write')}
        </Button>
        <Button secondary disabled={sent} onPress={onBack}>
          {t('always.back')}
        </Button>
      </div>
    </section>
  );
}

/** The rule as JSON, a field to a line. */
function written(rule: PolicyRule): string {
  const fields = Object.entries(rule).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}`;
}
