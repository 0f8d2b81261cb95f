import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../state/conversation.ts';
import type { PlaybookLine } from '../state/page.ts';
import type { TextKey } from '../strings.ts';
import { IconButton } from './button.tsx';
import { CommandList, fitting } from './commandList.tsx';
import { useFrame, useText } from './frame.ts';

/** Where a person writes; Enter hands over, `/` offers the playbooks, and unsent words are kept. */
export function Composer({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  const { state, acts } = useFrame();
  const { session } = conversation;
  const field = useRef<HTMLTextAreaElement>(null);
  const [askFirst, setAskFirst] = useState(false);
  const [sending, setSending] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const ids = useId();
  const text = state.kept.value.drafts[session] ?? '';
  const write = (next: string) => {
    const { [session]: _, ...others } = state.kept.value.drafts;
    acts.keep({ drafts: next === '' ? others : { ...others, [session]: next } });
    setChosen(0);
    setClosed(false);
  };
  const ready = state.worker.value === 'ready' && !sending;
  const reason = reasons[state.worker.value ?? 'starting'];
  const commands = closed ? [] : fitting(text, state.playbooks.value);
  const running = Object.entries(conversation.jobs.value).filter(
    ([, one]) => one === 'running' || one === 'queued',
  );
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const send = async () => {
    const words = text.trim();
    if (!ready || words === '') return;
    setSending(true);
    const done = await acts.handOver(session, words, askFirst ? 'run' : 'task');
    setSending(false);
    if (done && state.kept.value.drafts[session] === text) write('');
    field.current?.focus();
  };
  const take = (command: PlaybookLine | undefined) => {
    if (!command) return;
    write(`/${command.command} `);
    field.current?.focus();
  };
  const onKey = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = steps[event.key];
    if (commands.length > 0 && step) setChosen((chosen + step + commands.length) % commands.length);
    else if (commands.length > 0 && (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)))
      take(commands[chosen]);
    else if (commands.length > 0 && event.key === 'Escape') setClosed(true);
    else if (event.key === 'Enter' && !event.shiftKey) void send();
    else return;
    event.preventDefault();
  };
  const list = `${ids}-commands`;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <CommandList id={list} commands={commands} chosen={chosen} onTake={take} />
      <div class="composer-box">
        <textarea
          ref={field}
          value={text}
          rows={1}
          maxLength={100_000}
          aria-label={t('write.label')}
          aria-describedby={`${ids}-hint`}
          placeholder={t('write.placeholder')}
          {...(commands.length > 0
            ? {
                'aria-autocomplete': 'list',
                'aria-controls': list,
                'aria-activedescendant': `${list}-${chosen}`,
              }
            : {})}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <div class="composer-tools">
          <span class="hint faint" id={`${ids}-hint`}>
            {reason ? t(reason) : t('write.hint')}
          </span>
          <IconButton
            icon="shield"
            class={askFirst ? 'on' : ''}
            label={t('write.askFirst')}
            pressed={askFirst}
            onPress={() => setAskFirst(!askFirst)}
          />
          {running.length > 0 ? (
            <IconButton
              icon="debug-stop"
              class="stop"
              label={t('job.stop')}
              onPress={() => running.forEach(([job]) => void acts.abortJob(job))}
            />
          ) : null}
          <IconButton
            icon="send"
            class="send"
            label={t('write.send')}
            disabled={!ready || text.trim() === ''}
            onPress={() => void send()}
          />
        </div>
      </div>
    </form>
  );
}

const steps: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1 };

/** Why nothing can be sent; absent while it can. */
const reasons: Readonly<Record<string, TextKey | undefined>> = {
  starting: 'write.starting',
  stopped: 'write.stopped',
  untrusted: 'write.untrusted',
};
