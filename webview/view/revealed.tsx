import { useState } from 'preact/hooks';
import { byCharacters, headAndTail } from '../text/headAndTail.ts';
import { drawn } from '../text/stretches.ts';
import { focusable } from './focusable.ts';
import { useText } from './frame.ts';

interface RevealedProps {
  readonly text: string;
  /** Whether it stands inside a button, so that nothing in it can be pressed. */
  readonly still?: boolean;
  /** Characters of it that are shown at once. */
  readonly most?: number;
}

/** Text in which nothing is invisible; of one that is far too long head and tail, what lies between on demand. */
export function Revealed({ text, still = false, most = 12_000 }: RevealedProps) {
  const t = useText();
  const [whole, setWhole] = useState(false);
  const { head, between, tail } = byCharacters(text, Math.ceil((most * 2) / 3), Math.floor(most / 3));
  if (whole || between === 0) return <Spelled text={text} />;
  return (
    <>
      <Spelled text={head} />
      {still ? (
        <span class="escape">… {between} …</span>
      ) : (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          {t('preview.betweenCharacters', { n: between })}
        </button>
      )}
      <Spelled text={tail} />
    </>
  );
}

/** The whole of a text in which nothing is invisible; what was, is spelled out and marked. */
export function Spelled({ text }: { readonly text: string }) {
  return (
    <>
      {drawn(text).map((stretch, index) =>
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
          <Spelled text={text} />
        </pre>
      </section>
    );
  }
  return (
    <section class="long-text" aria-label={label} ref={focusable}>
      <pre>
        <Spelled text={head} />
      </pre>
      <button type="button" class="fold" onClick={() => setWhole(true)}>
        {t(unit === 'lines' ? 'preview.between' : 'preview.betweenCharacters', { n: between })}
      </button>
      <pre>
        <Spelled text={tail} />
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
        <Spelled text={text} />
      </code>
    );
  }
  return (
    <code class={name}>
      <Spelled text={head} />
      <button type="button" class="quiet" onClick={() => setWhole(true)}>
        {t('preview.betweenCharacters', { n: between })}
      </button>
      <Spelled text={tail} />
    </code>
  );
}
