import type { Outcome } from '../server/protocol/failure.ts';
import type { ModelInfo, ProviderInfo } from '../server/protocol/provider.ts';
import { countWords } from './costWords.ts';
import { plainText } from './plainText.ts';
import type { Translate } from './translate.ts';
import type { Choice, Step } from './wizard.ts';

/** Asks a provider for its models. */
export type AskModels = (provider: string) => Promise<Outcome<{ models: readonly ModelInfo[] }>>;

/**
 * The question for a model: the known ones at once, then those that the provider lists, or any other name. None
 * can be left unnamed where the provider has none of its own to take.
 */
export function modelStep({ name, kind, models }: ProviderInfo, ask: AskModels, t: Translate): Step {
  const known = models.map((id): Choice => ({ label: plainText(id, 128), value: id }));
  const [first = ''] = models;
  const preset = { label: t("The provider's own choice"), description: plainText(first, 128), value: '' };
  const presets = kind === 'compatible' && first === '' ? [] : [preset];
  return {
    kind: 'pick',
    key: 'model',
    question: t('Which model? A name that is not listed can be typed.'),
    choices: [...presets, ...known],
    later: async () => {
      const listed = await ask(name);
      if (!listed.ok) {
        const why = plainText(t.said(listed.failure.what));
        return [...presets.map((row) => ({ ...row, detail: why })), ...known];
      }
      return [...presets, ...listed.value.models.map((model) => modelRow(model, t))];
    },
    typed: (text) => ({ label: plainText(text, 128), description: t('as typed'), value: text.slice(0, 128) }),
  };
}

function modelRow({ id, title, context }: ModelInfo, t: Translate): Choice {
  const size = context === undefined ? [] : [t('{0} tokens', countWords(context))];
  const words = [...(title && title !== id ? [plainText(title, 80)] : []), ...size];
  return { label: plainText(id, 128), description: words.join(' · '), value: id };
}
