import { Button } from './button.tsx';
import { Conflicts } from './conflicts.tsx';
import { FailureNote } from './failure.tsx';
import { useFrame, useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Revealed } from './revealed.tsx';

/** Says where the worker stands, while it does not serve. */
export function Banner() {
  const t = useText();
  const { state, acts } = useFrame();
  const worker = state.worker.value ?? 'starting';
  if (worker === 'ready' || worker === 'untrusted') return null;
  if (worker === 'starting') {
    return (
      <div class="banner" role="status">
        <Icon name="loading" spin />
        <span>{t('worker.starting')}</span>
      </div>
    );
  }
  return (
    <div class="banner" role="alert">
      <Icon name="debug-disconnect" />
      <span>
        {state.stopped.value
          ? t.said(`${state.stopped.value.what} ${state.stopped.value.mend}`)
          : t('worker.stopped')}
      </span>
      <button type="button" class="quiet" onClick={() => acts.tell({ act: 'restartWorker' })}>
        {t('worker.restart')}
      </button>
      <button type="button" class="quiet" onClick={() => acts.tell({ act: 'showLog' })}>
        {t('worker.log')}
      </button>
    </div>
  );
}

/** What became of something that the person did, until dismissed. */
export function Notices() {
  const t = useText();
  const { state } = useFrame();
  const notice = state.notice.value;
  if (!notice) return null;
  const dismiss = () => {
    state.notice.value = null;
  };
  if (notice.kind === 'failure') {
    return (
      <div class="notice" role="alert">
        <FailureNote failure={notice.failure} dismiss={dismiss} />
      </div>
    );
  }
  if (notice.kind === 'conflicts') {
    return (
      <div class="notice" role="alert">
        <Conflicts {...notice} dismiss={dismiss} />
      </div>
    );
  }
  return (
    <div class="banner" role="status">
      <Icon name="check" />
      <span>
        <Revealed text={notice.text} />
      </span>
      <button type="button" class="quiet" onClick={dismiss}>
        {t('failure.dismiss')}
      </button>
    </div>
  );
}

/** The whole page in a workspace that nobody trusts yet. */
export function Untrusted() {
  const t = useText();
  const { acts } = useFrame();
  return (
    <main class="centre beginning">
      <Icon name="shield" />
      <h1>{t('worker.untrusted')}</h1>
      <p>{t('worker.untrustedAbout')}</p>
      <Button onPress={() => acts.tell({ act: 'manageTrust' })}>{t('worker.trust')}</Button>
    </main>
  );
}
