import { useEffect, useState } from 'preact/hooks';
import type { Deliverable } from '../../server/protocol/deliverable.ts';
import type { Failure } from '../../server/protocol/failure.ts';
import { revealed } from '../../server/protocol/reveal.ts';
import { DeliverableReader, tooMuch } from '../state/deliverableFiles.ts';
import { type LookKind, languageOf, lookKind } from '../text/lookKinds.ts';
import { size } from '../text/measures.ts';
import { type HarmlessPage, harmlessPage } from '../text/website.ts';
import { CodeText } from './codeText.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Instead, Pdf, Unseen } from './instead.tsx';
import { Markdown } from './markdown.tsx';
import { Website } from './website.tsx';

/** Bytes of all files that one look reads at most: in a card, and in a tab of its own. */
export const mostOfCard = 24_000_000;
export const mostOfTab = 160_000_000;
/** Bytes of a text that is drawn, and of a page, whose elements are many more. */
const longestText = 2_000_000;
const longestPage = 500_000;

interface LookProps {
  readonly deliverable: Deliverable;
  readonly path: string;
  /** Bytes that are read at most. */
  readonly most: number;
  follow(path: string): void;
}

/** One file of a deliverable as it will look; what becomes of the deliverable meanwhile changes nothing here. */
export function Look({ deliverable, path, most, follow }: LookProps) {
  const t = useText();
  const { acts } = useFrame();
  const [reader] = useState(() => new DeliverableReader(deliverable, acts.send, most));
  useEffect(() => () => reader.close(), [reader]);
  const file = reader.find(path);
  if (!file) return null;
  const kind = lookKind(file);
  const limit = kind === 'website' ? longestPage : isText(kind) ? longestText : most;
  if (kind === 'none') return <Unseen {...{ deliverable: deliverable.id, file }} />;
  if (kind === 'pdf') return <Pdf {...{ reader, file, most }} />;
  if (file.size > limit) {
    const words = t('look.tooLarge', { path, size: size(file.size), most: size(limit) });
    return <Instead {...{ deliverable: deliverable.id, path, words }} />;
  }
  return <Loaded key={path} {...{ reader, path, kind, most, follow }} />;
}

function isText(kind: LookKind): boolean {
  return kind === 'website' || kind === 'markdown' || kind === 'text';
}

interface LoadedProps {
  readonly reader: DeliverableReader;
  readonly path: string;
  readonly kind: Exclude<LookKind, 'none' | 'pdf'>;
  /** Bytes that are read at most. */
  readonly most: number;
  follow(path: string): void;
}

type Content =
  | { readonly page: HarmlessPage }
  | { readonly text: string }
  | { readonly url: string }
  | { readonly failure: Failure };

function Loaded({ reader, path, kind, most, follow }: LoadedProps) {
  const t = useText();
  const [content, setContent] = useState<Content | null>(null);
  useEffect(() => {
    const open = { current: true };
    const read = async (): Promise<Content> => {
      const loaded = isText(kind) ? await reader.text(path) : await reader.load(path);
      if (!loaded.ok) return { failure: loaded.failure };
      if (typeof loaded.value === 'string') {
        const page = kind === 'website' ? harmlessPage(loaded.value) : null;
        return page ? { page } : { text: loaded.value };
      }
      return { url: (await reader.url(path)) ?? '' };
    };
    void read().then((next) => open.current && setContent(next));
    return () => {
      open.current = false;
    };
  }, [reader, path, kind]);
  if (content === null) {
    return (
      <p class="look-note faint" role="status">
        <Icon name="loading" spin /> <span>{t('look.loading')}</span>
      </p>
    );
  }
  if ('failure' in content) {
    const { what, mend, field } = content.failure;
    const words = field === tooMuch ? t('look.tooMuch', { path, most: size(most) }) : `${what} ${mend}`;
    return <Instead deliverable={reader.deliverable.id} path={path} words={words} />;
  }
  if ('url' in content) return <Media {...{ kind, path, reader }} url={content.url} />;
  if ('page' in content) return <Website {...{ reader, path, follow }} page={content.page} />;
  if (kind === 'markdown') {
    return (
      <div class="look-text">
        <Markdown text={content.text} />
      </div>
    );
  }
  return <CodeText text={content.text} language={languageOf(path)} label={path} />;
}

interface MediaProps {
  readonly kind: LookKind;
  readonly url: string;
  readonly path: string;
  readonly reader: DeliverableReader;
}

/** A picture or a player, where the editor can draw or play it; captions that lie beside a film go with it. */
function Media({ kind, url, path, reader }: MediaProps) {
  const t = useText();
  const [captions, setCaptions] = useState('');
  const [broken, setBroken] = useState(false);
  const onError = () => setBroken(true);
  useEffect(() => {
    const beside = reader.find(path.replace(/\.[^./]*$/, '.vtt'));
    if (beside && kind === 'video') void reader.url(beside.path).then((found) => setCaptions(found ?? ''));
  }, [kind, path, reader]);
  if (broken)
    return <Instead deliverable={reader.deliverable.id} path={path} words={t('look.broken', { path })} />;
  const label = revealed(path);
  if (kind === 'image') return <img class="look-image" src={url} alt={label} onError={onError} />;
  return kind === 'audio' ? (
    <audio class="look-audio" controls src={url} aria-label={label} onError={onError}>
      <track kind="captions" src={captions} default />
    </audio>
  ) : (
    <video class="look-video" controls src={url} aria-label={label} onError={onError}>
      <track kind="captions" src={captions} default />
    </video>
  );
}
