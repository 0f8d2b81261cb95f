import type { deliverableTypes } from '../server/protocol/ability.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';

/** What a person calls a type of deliverable; one of their own is called as they named it. */
export function deliverableWords(type: string, t: Translate): string {
  const words: Readonly<Record<(typeof deliverableTypes)[number], () => string>> = {
    code: () => t('Code'),
    website: () => t('Website'),
    video: () => t('Video'),
    document: () => t('Document'),
    image: () => t('Image'),
    audio: () => t('Audio'),
  };
  return Object.hasOwn(words, type) ? words[type as keyof typeof words]() : plainText(type, 80);
}
