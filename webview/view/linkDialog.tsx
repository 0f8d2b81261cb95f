import { useEffect, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Revealed } from './revealed.tsx';

/** Shows the whole address of a link before anything is opened; only the extension opens it. */
export function LinkDialog() {
  const t = useText();
  const { state, acts } = useFrame();
  const dialog = useRef<HTMLDialogElement>(null);
  const url = state.link.value;
  useEffect(() => {
    if (url !== null) dialog.current?.showModal();
    else dialog.current?.close();
  }, [url]);
  const close = () => {
    state.link.value = null;
  };
  const tell = (act: Parameters<typeof acts.tell>[0]) => {
    acts.tell(act);
    close();
  };
  return (
    <dialog ref={dialog} class="link-dialog" aria-labelledby="link-title" onClose={close}>
      <h2 id="link-title">{t('link.title')}</h2>
      <p class="url">
        <Revealed text={url ?? ''} />
      </p>
      <div class="buttons">
        <Button icon="link-external" onPress={() => tell({ act: 'openLocation', location: url ?? '' })}>
          {t('link.open')}
        </Button>
        <Button secondary icon="copy" onPress={() => tell({ act: 'copy', text: url ?? '' })}>
          {t('link.copy')}
        </Button>
        <Button secondary onPress={close}>
          {t('link.cancel')}
        </Button>
      </div>
    </dialog>
  );
}
