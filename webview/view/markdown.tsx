import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { blocksOf, type MarkdownWords, sanitised } from '../text/markdown.ts';
import { useText } from './frame.ts';

/** Markdown of the assistant, sanitised; a block that did not change is not touched again. */
export function Markdown({ text }: { readonly text: string }) {
  const t = useText();
  const words = useMemo<MarkdownWords>(
    () => ({ copy: t('code.copy'), image: (alt) => t('link.image', { alt }) }),
    [t],
  );
  const blocks = useMemo(() => blocksOf(text, words), [text, words]);
  return (
    <div class="markdown">
      {blocks.map((block) => (
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
