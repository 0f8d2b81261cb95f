import type { AttachedFile } from '../../server/protocol/attachment.ts';
import { size } from '../text/measures.ts';
import { IconButton } from './button.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

interface FileChipsProps {
  readonly files: readonly AttachedFile[];
  onRemove?(index: number): void;
}

/** Files that go with words: each with its name and how large it is. */
export function FileChips({ files, onRemove }: FileChipsProps) {
  const t = useText();
  if (files.length === 0) return null;
  return (
    <ul class="image-chips" aria-label={t('file.list')}>
      {files.map((file, index) => (
        <li key={file.name} class="image-chip">
          <Icon name="file" />
          <span>
            <Revealed text={file.name} />, {size(file.size)}
          </span>
          {onRemove ? (
            <IconButton
              icon="close"
              label={t('file.remove', { name: file.name })}
              onPress={() => onRemove(index)}
            />
          ) : null}
        </li>
      ))}
    </ul>
  );
}
