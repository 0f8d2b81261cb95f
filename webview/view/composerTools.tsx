import { useRef } from 'preact/hooks';
import type { Mode } from '../../server/protocol/policy.ts';
import type { Conversation } from '../state/conversation.ts';
import type { TextKey } from '../strings.ts';
import { IconButton } from './button.tsx';
import type { Composing, Way } from './composing.ts';
import { useFrame, useText } from './frame.ts';
import { ModePick } from './modePick.tsx';

interface ToolsProps {
  readonly conversation: Conversation;
  readonly composing: Composing;
  readonly askFirst: boolean;
  /** How much the next job shall ask, where the person chose. */
  readonly mode: Mode | null;
  onMode(mode: Mode): void;
  onAskFirst(): void;
  onSend(way?: Way): void;
  onImages(files: Iterable<File>): void;
}

/** What can be done with what is being written, and with the jobs that go on. */
export function ComposerTools({
  conversation,
  composing,
  askFirst,
  mode,
  onMode,
  onAskFirst,
  onSend,
  onImages,
}: ToolsProps) {
  const t = useText();
  const { state, acts } = useFrame();
  const { way, ready } = composing;
  const reason = reasons[state.worker.value ?? 'starting'];
  const going = Object.entries(conversation.jobs.value).filter(
    ([, one]) => one === 'running' || one === 'queued',
  );
  return (
    <div class="composer-tools">
      <span class="hint faint" id="composer-hint">
        {t(reason ?? hints[way])}
      </span>
      <ModePick conversation={conversation} chosen={mode} onChoose={onMode} />
      <AddImage onImages={onImages} />
      <IconButton
        icon="debug-start"
        class={askFirst ? 'on' : ''}
        label={t('write.askFirst')}
        pressed={askFirst}
        onPress={onAskFirst}
      />
      {going.length > 0 ? (
        <IconButton
          icon="debug-stop"
          class="stop"
          label={t('job.stop')}
          onPress={() => going.forEach(([job]) => void acts.abortJob(job))}
        />
      ) : null}
      {way === 'steer' ? (
        <IconButton
          icon="list-ordered"
          label={t('write.queue')}
          disabled={!ready}
          onPress={() => onSend('queue')}
        />
      ) : null}
      <IconButton
        icon={way === 'queue' ? 'list-ordered' : 'send'}
        class="send"
        label={t(sends[way])}
        disabled={!ready}
        onPress={() => onSend()}
      />
    </div>
  );
}

function AddImage({ onImages }: Pick<ToolsProps, 'onImages'>) {
  const t = useText();
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={chooser}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-hidden="true"
        multiple
        onChange={(event) => {
          const { files } = event.currentTarget;
          onImages(files ? [...files] : []);
          event.currentTarget.value = '';
        }}
      />
      <IconButton icon="file-add" label={t('file.add')} onPress={() => chooser.current?.click()} />
    </>
  );
}

const sends = { job: 'write.send', steer: 'write.tell', queue: 'write.queue' } as const satisfies Record<
  Way,
  TextKey
>;

const hints = {
  job: 'write.hint',
  steer: 'write.hintSteer',
  queue: 'write.hintQueue',
} as const satisfies Record<Way, TextKey>;

/** Why nothing can be sent; absent while it can. */
const reasons: Readonly<Record<string, TextKey | undefined>> = {
  starting: 'write.starting',
  stopped: 'write.stopped',
  untrusted: 'write.untrusted',
};
