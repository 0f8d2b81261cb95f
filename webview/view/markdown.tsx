import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { blocksOf, type MarkdownWords, sanitised } from '../text/markdown.ts';
import { useText } from './frame.ts';
import { LongText } from './revealed.tsx';

/**
 * Markdown of the assistant, sanitised; a block that did not change is not touched again. What is too much to draw
 * is shown as it was written, head and tail first.
 */
export function Markdown({ text }: { readonly text: string }) {
  const t = useText();
  const words = useMemo<MarkdownWords>(
    () => ({ copy: t('code.copy'), image: (alt) => t('link.image', { alt }) }),
    [t],
  );
  const blocks = useMemo(() => blocksOf(text, words), [text, words]);
  return (
    <div class="markdown">
      {blocks === null ? <LongText text={text} label={t('preview.text')} /> : null}
      {blocks?.map((block) => (
        <Html key={block.key} html={block.html} />
      ))}
    </div>
  );
}

function Html({ html }: { readonly html: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(sanitised(html)), [html]);
  return <div class="block" ref={place} />;
}
