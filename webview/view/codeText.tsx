import { useMemo } from 'preact/hooks';
import { highlight } from '../text/highlight.ts';
import { sanitised } from '../text/markdown.ts';
import { focusable } from './focusable.ts';
import { LongText } from './revealed.tsx';

/** A text of code, painted where its language is known; a long one by its head and tail. */
export function CodeText({
  text,
  language,
  label,
}: {
  readonly text: string;
  readonly language: string;
  readonly label: string;
}) {
  const html = useMemo(() => (language === '' ? null : highlight(text, language)), [text, language]);
  if (html === null) return <LongText text={text} label={label} />;
  const place = (element: HTMLElement | null) => element?.replaceChildren(sanitised(html));
  return (
    <section class="long-text whole look-code" aria-label={label} ref={focusable}>
      <pre class="markdown">
        <code ref={place} />
      </pre>
    </section>
  );
}
