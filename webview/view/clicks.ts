import { readLink } from '../text/links.ts';
import type { Frame } from './frame.ts';

/** Follows presses on links and copy buttons inside rendered Markdown; returns how to stop. */
export function followClicks(element: HTMLElement, { state, acts }: Frame): () => void {
  const press = (event: Event) => {
    const target = event.target instanceof Element ? event.target : null;
    const href = target?.closest<HTMLElement>('[data-href]')?.dataset.href;
    if (href !== undefined) return follow(href);
    const copy = target?.closest<HTMLElement>('[data-copy]');
    if (copy) copyCode(copy);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.target as Element | null)?.matches('[data-href]')) press(event);
  };
  const follow = (href: string) => {
    const link = readLink(href);
    if (link?.kind === 'web') state.link.value = link.url;
    if (link?.kind !== 'file') return;
    const session = state.sessions.value?.find((one) => one.id === state.conversation.value?.session);
    acts.tell({
      act: 'openFile',
      path: link.path,
      ...(session ? { workspace: session.workspace } : {}),
      ...(link.line ? { line: link.line } : {}),
    });
  };
  const copyCode = (button: HTMLElement) => {
    const code = button.closest('.code')?.querySelector('code')?.textContent ?? '';
    acts.tell({ act: 'copy', text: code });
    const before = button.textContent;
    button.textContent = state.text.value('code.copied');
    state.polite.value = state.text.value('code.copied');
    setTimeout(() => {
      button.textContent = before;
    }, 1500);
  };
  element.addEventListener('click', press);
  element.addEventListener('keydown', key);
  return () => {
    element.removeEventListener('click', press);
    element.removeEventListener('keydown', key);
  };
}
