import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DeliverableFile } from '../../server/protocol/deliverable.ts';
import type { DeliverableReader } from '../state/deliverableFiles.ts';
import { size } from '../text/measures.ts';
import { type PdfFacts, pdfFacts } from '../text/pdf.ts';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

interface InsteadProps {
  readonly deliverable: string;
  readonly path: string;
  readonly words: string;
  /** What is known of the file, before the words. */
  readonly children?: ComponentChildren;
  /** Opens it in another way than in the editor. */
  readonly first?: ComponentChildren;
}

/** What is said where nothing can be drawn, with the ways to see or keep the file. */
export function Instead({ deliverable, path, words, children, first }: InsteadProps) {
  const t = useText();
  const { acts } = useFrame();
  const at = { deliverable, path };
  return (
    <div class="look-note">
      <Icon name="info" />
      <div class="look-instead">
        {children}
        <p>
          <Revealed text={words} />
        </p>
        <div class="buttons">
          {first ?? (
            <Button secondary icon="go-to-file" onPress={() => acts.tell({ act: 'openDeliverable', ...at })}>
              {t('look.openInstead')}
            </Button>
          )}
          <Button secondary icon="save-as" onPress={() => acts.tell({ act: 'saveDeliverable', ...at })}>
            {t('deliverable.save')}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** A file of which there is no preview: its name, kind and size. */
export function Unseen({
  deliverable,
  file,
}: {
  readonly deliverable: string;
  readonly file: DeliverableFile;
}) {
  const t = useText();
  return (
    <Instead {...{ deliverable, path: file.path }} words={t('look.nothing')}>
      <Facts name={file.path} facts={[file.mime, size(file.size)]} />
    </Instead>
  );
}

/** A PDF, which another program shows: its title, pages and size. */
export function Pdf({ reader, file, most }: PdfProps) {
  const t = useText();
  const { acts } = useFrame();
  const [{ pages, title }, setFacts] = useState<PdfFacts>({ pages: null, title: '' });
  const { deliverable } = reader;
  const { path } = file;
  useEffect(() => {
    let isOpen = file.size <= most;
    const read = async () => {
      const loaded = isOpen ? await reader.load(path) : null;
      const facts = loaded?.ok ? await pdfFacts(loaded.value.blob) : null;
      if (isOpen && facts) setFacts(facts);
    };
    void read();
    return () => {
      isOpen = false;
    };
  }, [reader, path, file.size, most]);
  const counted = pages === 1 ? t('look.pageCount.one') : t('look.pageCount.many', { n: pages ?? 0 });
  const open = () => acts.tell({ act: 'openOutside', deliverable: deliverable.id, path });
  return (
    <Instead
      {...{ deliverable: deliverable.id, path }}
      words={t('look.pdf')}
      first={
        <Button secondary icon="link-external" onPress={open}>
          {t('look.openOutside')}
        </Button>
      }
    >
      <Facts name={title || path} facts={['PDF', ...(pages === null ? [] : [counted]), size(file.size)]} />
    </Instead>
  );
}

interface PdfProps {
  readonly reader: DeliverableReader;
  readonly file: DeliverableFile;
  /** Bytes that are read at most. */
  readonly most: number;
}

function Facts({ name, facts }: { readonly name: string; readonly facts: readonly string[] }) {
  return (
    <p>
      <strong>
        <Revealed text={name} />
      </strong>
      <br />
      <span class="faint">
        <Revealed text={facts.join(' · ')} />
      </span>
    </p>
  );
}
