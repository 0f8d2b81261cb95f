import { useEffect, useRef } from 'preact/hooks';
import { revealed } from '../../server/protocol/reveal.ts';
import type { DeliverableReader } from '../state/deliverableFiles.ts';
import { lookKind, resolvePath } from '../text/lookKinds.ts';
import { type HarmlessPage, marks, withAddresses } from '../text/website.ts';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface WebsiteProps {
  readonly reader: DeliverableReader;
  readonly path: string;
  /** The page, made harmless. */
  readonly page: HarmlessPage;
  /** Shows another page of the deliverable. */
  follow(path: string): void;
}

/**
 * A page of a website in a frame without scripts, forms or a way out. Its styles and pictures are given to it from
 * among the files; what lies elsewhere is not asked for.
 */
export function Website({ reader, path, page, follow }: WebsiteProps) {
  const t = useText();
  const { state } = useFrame();
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const open = { current: true };
    const dress = () => {
      const { contentDocument: site, contentWindow: view } = element;
      if (!site || !view || !open.current) return;
      const told = tellOf(t, state);
      void dressPage({ reader, path, site, view: view as FrameWindow, page, open });
      site.addEventListener('click', (event) => press(event, { reader, path, site, follow, ...told }));
    };
    element.addEventListener('load', dress);
    element.srcdoc = page.html;
    return () => {
      open.current = false;
      element.removeEventListener('load', dress);
    };
  }, [reader, path, page, follow, t, state]);
  return (
    <>
      <iframe
        ref={frame}
        class="look-frame"
        sandbox="allow-same-origin"
        title={t('look.frame', { title: revealed(reader.deliverable.title) })}
      />
      {page.left > 0 ? (
        <p class="look-note faint">
          <Icon name="shield" /> <span>{t('look.left', { n: page.left })}</span>
        </p>
      ) : null}
    </>
  );
}

type FrameWindow = Window & { readonly CSSStyleSheet: typeof CSSStyleSheet };

interface Dressing {
  readonly reader: DeliverableReader;
  readonly path: string;
  readonly site: Document;
  readonly view: FrameWindow;
  readonly page: HarmlessPage;
  /** Whether the frame is still shown. */
  readonly open: { readonly current: boolean };
}

/** Gives a page its styles, its pictures and its players from among the files. */
async function dressPage({ reader, path, site, view, page, open }: Dressing): Promise<void> {
  const address = (from: string) => async (link: string) => {
    const found = resolvePath(from, link);
    const file = found && reader.find(found.path);
    return file && lookKind(file) === 'image' ? reader.url(file.path) : null;
  };
  const sheets = await Promise.all(
    page.sheets.map(async (sheet) => {
      const at = 'link' in sheet ? resolvePath(path, sheet.link)?.path : path;
      if (at === undefined) return '';
      const read = 'link' in sheet ? await reader.text(at) : null;
      const css = 'text' in sheet ? sheet.text : read?.ok ? read.value : '';
      return withAddresses(css, address(at));
    }),
  );
  for (const element of site.querySelectorAll<HTMLElement>(`[${marks.style}]`)) {
    const style = await withAddresses(element.getAttribute(marks.style) ?? '', address(path));
    if (!open.current) return;
    if (element.style) element.style.cssText = style;
  }
  if (!open.current) return;
  site.adoptedStyleSheets = sheets.map((css) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  for (const element of site.querySelectorAll<HTMLImageElement>(`[${marks.source}]`)) {
    const found = resolvePath(path, element.getAttribute(marks.source) ?? '');
    const url = found ? await reader.url(found.path) : null;
    if (!open.current) return;
    if (url) element.src = url;
  }
}

interface Press {
  readonly reader: DeliverableReader;
  readonly path: string;
  readonly site: Document;
  follow(path: string): void;
  /** Asks whether to open an address outside. */
  outside(url: string): void;
  missing(path: string): void;
}

function tellOf(t: ReturnType<typeof useText>, state: ReturnType<typeof useFrame>['state']) {
  return {
    outside: (url: string) => {
      state.link.value = url;
    },
    missing: (path: string) => {
      state.notice.value = { kind: 'said', text: t('look.missing', { path }) };
    },
  };
}

/** Follows a link to another page, to a place of this one, or asks before it leads outside. */
function press(event: Event, { reader, path, site, follow, outside, missing }: Press): void {
  const pressed = elementOf(event)?.closest('a, area');
  if (!pressed) return;
  event.preventDefault();
  const link = pressed.getAttribute(marks.link);
  if (link === null) return;
  if (/^https?:\/\//i.test(link)) {
    outside(link);
    return;
  }
  const found = resolvePath(path, link);
  if (!found) return;
  if (found.path === path || link.startsWith('#')) {
    site.getElementById(found.anchor)?.scrollIntoView();
    return;
  }
  const folder = found.path === '' || found.path.endsWith('/');
  const goal = folder ? `${found.path}index.html` : found.path;
  if (reader.find(goal)) follow(goal);
  else missing(goal);
}

/** The element of an event in a frame, whose classes are not those of this page. */
function elementOf(event: Event): Element | null {
  const target = event.target as Partial<Element> | null;
  return typeof target?.closest === 'function' ? (target as Element) : null;
}
