import type { PublicationRecord, Visibility } from '../server/protocol/deliverable.ts';
import { plainText } from './plainText.ts';
import { addressOf } from './publicationOpening.ts';
import type { Translate } from './translate.ts';

/** How a publication reads in a list. */
export interface PublicationLine {
  /** A codicon's name. */
  readonly icon: string;
  /** A theme colour, where it has one. */
  readonly colour?: string | undefined;
  readonly label: string;
  readonly description: string;
  /** In a word: published, replaced by a later one, taken back. */
  readonly state: string;
  readonly tooltip: readonly string[];
}

/** Says in words what was published when, to where, and what became of it. */
export function publicationLine(record: PublicationRecord, t: Translate): PublicationLine {
  const { publication, title, type, files, bytes, undone, stands } = record;
  const { target, version, visibility, undoes, time } = publication;
  const look = lookOf(undone, stands, t);
  const when = new Date(time).toLocaleString();
  return {
    ...look,
    label: plainText(title, 120),
    description: `${stands ? '' : `${look.state} · `}${plainText(target, 40)} · ${when}`,
    tooltip: [
      plainText(title),
      `${look.state}${undone === null ? '' : `, ${new Date(undone).toLocaleString()}`}`,
      plainText(addressOf(publication)),
      `${plainText(target, 40)} · ${type} · ${filesWords(files, bytes, t)}`,
      when,
      ...(version ? [t('Version: {0}', plainText(version))] : []),
      ...(visibility ? [visibilityWords(visibility, t)] : []),
      ...(undone === null && undoes ? [t('Taking it back: {0}', plainText(t.said(undoes)))] : []),
    ],
  };
}

/** Who can see what was published, in words. */
export function visibilityWords(visibility: Visibility, t: Translate): string {
  const words: Record<Visibility, () => string> = {
    public: () => t('public: anyone can see it'),
    unlisted: () => t('unlisted: anyone who has the address can see it'),
    private: () => t('private: only who has access can see it'),
    server: () => t('whoever the server lets in can see it'),
    local: () => t('stays on this machine'),
  };
  return words[visibility]();
}

function lookOf(undone: number | null, stands: boolean, t: Translate) {
  if (undone !== null) return { icon: 'discard', state: t('taken back') };
  if (!stands) return { icon: 'history', state: t('replaced by a later one') };
  return { icon: 'cloud', colour: 'testing.iconPassed', state: t('published') };
}

/** How much some files are, in words. */
export function filesWords(files: number, bytes: number, t: Translate): string {
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return files === 1 ? t('1 file, {0}', size) : t('{0} files, {1}', files, size);
}
