import { useRef, useState } from 'preact/hooks';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Effect } from '../../server/protocol/effect.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { AskHead } from './askHead.tsx';
import { Button } from './button.tsx';
import { useDecision, useQuestionSeen } from './decision.ts';
import { useText } from './frame.ts';
import { Revealed } from './revealed.tsx';

interface QuestionProps {
  readonly approval: Approval;
  readonly ask: Extract<Effect, { kind: 'ask' }>;
}

/** What the agent asks the person: its choices as buttons, and a field for other words. */
export function AgentQuestion({ approval, ask: { question, choices } }: QuestionProps) {
  const t = useText();
  const buttons = useRef<HTMLDivElement>(null);
  const [words, setWords] = useState('');
  const { sent, decide } = useDecision([approval], useQuestionSeen(approval.id, buttons));
  const answer = (text: string) => {
    if (text.trim() !== '') void decide('approve', { answer: text });
  };
  return (
    <section
      class="ask"
      aria-label={t('question.label', { question: revealed(question) })}
      tabIndex={-1}
      data-ask={approval.id}
    >
      <AskHead icon="comment-unresolved" lead={t('question.title')} expires={approval.expires} />
      <p class="ask-title">
        <Revealed text={question} />
      </p>
      {choices.length > 0 ? (
        <ul class="choices" aria-label={t('question.choices')}>
          {choices.map((choice, index) => (
            <li key={index}>
              <button type="button" class="starter" disabled={sent} onClick={() => answer(choice)}>
                <Revealed still text={choice} />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <textarea
        class="text-field"
        rows={2}
        maxLength={20_000}
        value={words}
        aria-label={t('question.answer')}
        placeholder={t(choices.length > 0 ? 'question.other' : 'question.answer')}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          answer(words.trim());
        }}
      />
      <div class="buttons" ref={buttons}>
        <Button icon="reply" disabled={sent || words.trim() === ''} onPress={() => answer(words.trim())}>
          {t('question.send')}
        </Button>
        <Button secondary disabled={sent} onPress={() => void decide('deny')}>
          {t('question.none')}
        </Button>
      </div>
    </section>
  );
}
