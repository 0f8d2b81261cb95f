import { useState } from 'preact/hooks';
import { reveal } from '../../server/protocol/reveal.ts';
import { byCharacters, headAndTail } from '../text/headAndTail.ts';
import { focusable } from './focusable.ts';
import { useText } from './frame.ts';

/** Text in which nothing is invisible; what was, is spelled out and marked. */
export function Revealed({ text }: { readonly text: string }) {
  return (
    <>
      {reveal(text).map((stretch, index) =>
        stretch.escaped ? (
          <span key={index} class="escape">
            {stretch.text}
          </span>
        ) : (
          stretch.text
        ),
      )}
    </>
  );
}

/** A block of text of any length: head and tail at once, what lies between on demand. */
export function LongText({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useText();
  const [whole, setWhole] = useState(false);
  const { head, between, unit, tail } = headAndTail(text);
  if (whole || between === 0) {
    return (
      <section class={`long-text ${whole ? 'whole' : ''}`} aria-label={label} ref={focusable}>
        <pre>
          <Revealed text={text} />
        </pre>
      </section>
    );
  }
  return (
    <section class="long-text" aria-label={label} ref={focusable}>
      <pre>
        <Revealed text={head} />
      </pre>
      <button type="button" class="fold" onClick={() => setWhole(true)}>
        {t(unit === 'lines' ? 'preview.between' : 'preview.betweenCharacters', { n: between })}
      </button>
      <pre>
        <Revealed text={tail} />
      </pre>
    </section>
  );
}

/** A word of any length on its line: head and tail at once, what lies between on demand. */
export function Word({ text, class: name = '' }: { readonly text: string; readonly class?: string }) {
  const t = useText();
  const [whole, setWhole] = useState(false);
  const { head, between, tail } = byCharacters(text, 240, 120);
  if (whole || between === 0) {
    return (
      <code class={name}>
        <Revealed text={text} />
      </code>
    );
  }
  return (
    <code class={name}>
      <Revealed text={head} />
      <button type="button" class="quiet" onClick={() => setWhole(true)}>
        {t('preview.betweenCharacters', { n: between })}
      </button>
      <Revealed text={tail} />
    </code>
  );
}
