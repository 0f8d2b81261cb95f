import { Chat } from './chat.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { LinkDialog } from './linkDialog.tsx';
import { SessionList } from './sessionList.tsx';
import { Banner, Notices, Untrusted } from './standing.tsx';

/** The page: where the worker stands, one screen, and what is said to a screen reader. */
export function App() {
  const { state } = useFrame();
  const conversation = state.conversation.value;
  const untrusted = state.worker.value === 'untrusted';
  return (
    <div class="page">
      <Silence />
      <Banner />
      <Notices />
      {untrusted ? <Untrusted /> : null}
      {untrusted ? null : conversation ? (
        <Chat key={conversation.session} conversation={conversation} />
      ) : (
        <SessionList />
      )}
      <LinkDialog />
      <div class="unseen" aria-live="polite">
        {state.polite.value.slice(0, mostSaid)}
      </div>
      <div class="unseen" aria-live="assertive">
        {state.assertive.value.slice(0, mostSaid)}
      </div>
    </div>
  );
}

/** Characters that a screen reader is told at once; the whole stands in the page. */
const mostSaid = 2_000;

function Silence() {
  const t = useText();
  const { state, acts } = useFrame();
  if (!state.silent.value) return null;
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      <span>{t('worker.silent')}</span>
      <button type="button" class="quiet" onClick={() => acts.tell({ act: 'reloadView' })}>
        {t('worker.reload')}
      </button>
    </div>
  );
}
