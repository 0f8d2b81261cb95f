import type {
  ComponentChildren,
  TargetedClipboardEvent,
  TargetedDragEvent,
  TargetedKeyboardEvent,
} from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Mode } from '../../server/protocol/policy.ts';
import type { Conversation } from '../state/conversation.ts';
import type { PlaybookLine } from '../state/page.ts';
import type { TextKey } from '../strings.ts';
import { FileChips } from './attachments.tsx';
import { CommandList, fitting } from './commandList.tsx';
import { ComposerTools } from './composerTools.tsx';
import { type Composing, useComposing, type Way } from './composing.ts';
import { ConnectionLine } from './connectionLine.tsx';
import { useFrame, useText } from './frame.ts';
import { ImageChips } from './images.tsx';
import { QueueList } from './queueList.tsx';

/** Where a person writes: Enter hands over or tells the job at work, `/` offers the playbooks, and unsent words are kept. */
export function Composer({ conversation }: { readonly conversation: Conversation }) {
  const { state, acts } = useFrame();
  const { session } = conversation;
  const place = useRef<HTMLFormElement>(null);
  const [askFirst, setAskFirst] = useState(false);
  const [over, setOver] = useState(false);
  const [mode, setMode] = useState<Mode | null>(null);
  const composing = useComposing(conversation, askFirst, mode);
  const { images, files: attached } = composing;
  const ability = state.sessions.value?.find((one) => one.id === session)?.ability;
  const focus = () => place.current?.querySelector<HTMLTextAreaElement>('.composer-field')?.focus();
  const back = () => {
    const at = document.activeElement;
    if (!at || at === document.body || at.closest('.composer-tools')) focus();
  };
  const send = async (way?: Way) => {
    const sent = await composing.send(way);
    if (sent === 'job' || sent === 'queue') setMode(null);
    back();
  };
  const add = (files: Iterable<File>) => void acts.addFiles(session, [...files]).then(back);
  const drag = (event: TargetedDragEvent<HTMLFormElement>) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
    if (event.type === 'drop') add(event.dataTransfer.files);
  };
  return (
    <form
      class={`composer ${over ? 'over' : ''}`}
      ref={place}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drag}
    >
      <ConnectionLine ability={ability} />
      <QueueList conversation={conversation} onLeave={focus} />
      <Field composing={composing} onSend={(way) => void send(way)} onImages={add}>
        <ImageChips
          images={images.map(({ image }) => image)}
          adding={state.adding.value > 0}
          onRemove={(index) => {
            acts.keepImages(session, images.toSpliced(index, 1));
            focus();
          }}
        />
        <FileChips
          files={attached}
          onRemove={(index) => {
            acts.keepFiles(session, attached.toSpliced(index, 1));
            focus();
          }}
        />
        <ComposerTools
          conversation={conversation}
          composing={composing}
          askFirst={askFirst}
          onAskFirst={() => setAskFirst(!askFirst)}
          mode={mode}
          onMode={setMode}
          onSend={(way) => void send(way)}
          onImages={add}
        />
      </Field>
    </form>
  );
}

interface FieldProps {
  readonly composing: Composing;
  readonly children: ComponentChildren;
  onSend(way?: Way): void;
  onImages(files: Iterable<File>): void;
}

/** The field itself, with the playbooks over it while a slash asks for them. */
function Field({ composing, children, onSend, onImages }: FieldProps) {
  const t = useText();
  const { state } = useFrame();
  const field = useRef<HTMLTextAreaElement>(null);
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const list = `${useId()}-commands`;
  const { text, way } = composing;
  const commands = closed ? [] : fitting(text, state.playbooks.value);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const write = (next: string) => {
    composing.write(next);
    setChosen(0);
    setClosed(false);
  };
  const take = (command: PlaybookLine | undefined) => {
    if (!command) return;
    write(`/${command.command} `);
    field.current?.focus();
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = steps[event.key];
    const enter = event.key === 'Enter' && !event.shiftKey;
    if (commands.length > 0 && step) setChosen((chosen + step + commands.length) % commands.length);
    else if (commands.length > 0 && (event.key === 'Tab' || enter)) take(commands[chosen]);
    else if (commands.length > 0 && event.key === 'Escape') setClosed(true);
    else if (enter) onSend(event.altKey && way === 'steer' ? 'queue' : way);
    else return;
    event.preventDefault();
  };
  const onPaste = (event: TargetedClipboardEvent<HTMLTextAreaElement>) => {
    const { clipboardData } = event;
    if (!clipboardData || clipboardData.files.length === 0 || clipboardData.types.includes('text/plain'))
      return;
    event.preventDefault();
    onImages(clipboardData.files);
  };
  return (
    <>
      <CommandList id={list} commands={commands} chosen={chosen} onTake={take} />
      <div class="composer-box">
        <textarea
          ref={field}
          class="composer-field"
          value={text}
          rows={1}
          maxLength={100_000}
          aria-label={t('write.label')}
          aria-describedby="composer-hint"
          placeholder={t(placeholders[way])}
          {...(commands.length > 0
            ? {
                'aria-autocomplete': 'list',
                'aria-controls': list,
                'aria-activedescendant': `${list}-${chosen}`,
              }
            : {})}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKey}
          onPaste={onPaste}
        />
        {children}
      </div>
    </>
  );
}

const steps: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1 };

const placeholders = {
  job: 'write.placeholder',
  steer: 'write.placeholderSteer',
  queue: 'write.placeholderQueue',
} as const satisfies Record<Way, TextKey>;
