import type { Image } from '../../server/protocol/provider.ts';
import { IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';

interface ImageChipsProps {
  readonly images: readonly Image[];
  /** Whether one more is being read. */
  readonly adding?: boolean;
  onRemove?(index: number): void;
}

/** Images that go with words: a small picture where this page has one, else what the image is. */
export function ImageChips({ images, adding, onRemove }: ImageChipsProps) {
  const t = useText();
  const { thumbs } = useFrame().state;
  if (images.length === 0 && !adding) return null;
  return (
    <ul class="image-chips" aria-label={t('image.list')}>
      {images.map((image, index) => {
        const { type, width, height } = image;
        const about = t('image.about', { type: type.replace('image/', '').toUpperCase(), width, height });
        const thumb = thumbs.value[image.digest];
        return (
          <li key={image.digest} class="image-chip">
            {thumb ? <img src={thumb} alt="" /> : <Icon name="file-media" />}
            <span>{about}</span>
            {onRemove ? (
              <IconButton
                icon="close"
                label={t('image.remove', { n: index + 1 })}
                onPress={() => onRemove(index)}
              />
            ) : null}
          </li>
        );
      })}
      {adding ? (
        <li class="image-chip" role="status">
          <Icon name="loading" spin /> <span>{t('image.adding')}</span>
        </li>
      ) : null}
    </ul>
  );
}
