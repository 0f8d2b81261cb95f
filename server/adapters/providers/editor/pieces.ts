import type { EditorEnd } from '../../../protocol/languageModel.ts';
import type { Part } from '../../../protocol/provider.ts';
import type { EditorEvent } from './answer.ts';

/** The pieces of an answer as they come, and its end, as one stream of events. */
export async function* readPieces(
  ask: (hear: (part: Part) => void) => Promise<EditorEnd>,
): AsyncGenerator<EditorEvent> {
  const waiting: (() => EditorEvent)[] = [];
  let news = Promise.withResolvers<void>();
  const add = (event: () => EditorEvent) => {
    waiting.push(event);
    news.resolve();
  };
  ask((part) => add(() => ({ kind: 'part', part }))).then(
    (end) => add(() => ({ kind: 'end', ...end })),
    (error: unknown) =>
      add(() => {
        throw error;
      }),
  );
  for (;;) {
    await news.promise;
    news = Promise.withResolvers<void>();
    for (const next of waiting.splice(0)) {
      const event = next();
      yield event;
      if (event.kind === 'end') return;
    }
  }
}
