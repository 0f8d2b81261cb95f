import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Footer } from '../state/footers.ts';
import { givenWith, jobAtWork, undoableFrom } from '../state/queue.ts';
import { duration } from '../text/measures.ts';
import { Button, IconButton } from './button.tsx';
import { useFrame, useText } from './frame.ts';
import { Spent } from './spent.tsx';
import { WayBack } from './wayBack.tsx';

interface FooterProps {
  readonly footer: Footer;
  readonly job: string;
  /** Whether nothing of it can be changed here. */
  readonly still: boolean;
}

/** The small print under an ended job: how long, how much, what can be done with the answer, and the way back. */
export function FooterLine({ footer, job, still }: FooterProps) {
  const t = useText();
  const { took, undoable, redoable } = footer;
  const [asking, setAsking] = useState(false);
  const again = useRef<HTMLButtonElement>(null);
  const answered = () => {
    setAsking(false);
    again.current?.focus();
  };
  return (
    <>
      <footer class="small-print">
        {took === null ? null : <span>{t('job.took', { time: duration(took) })}</span>}
        <Spent footer={footer} />
        <AnswerTools footer={footer} job={job} still={still} again={again} onAsk={() => setAsking(true)} />
        {undoable && !still ? (
          <WayBack quiet deeds={[{ way: 'undo', job }]} words="job.undo" about={t('job.undoAbout')} />
        ) : null}
        {redoable && !still ? (
          <WayBack quiet deeds={[{ way: 'redo', job }]} words="job.redo" about={t('job.redoAbout')} />
        ) : null}
      </footer>
      {asking ? <AskUndo footer={footer} job={job} onDone={answered} /> : null}
    </>
  );
}

interface ToolsProps extends FooterProps {
  /** Where the button stands that asks the answer anew. */
  readonly again: RefObject<HTMLButtonElement | null>;
  /** Asks whether changes are to be taken back before it is tried again. */
  onAsk(): void;
}

function AnswerTools({ footer, job, still, again, onAsk }: ToolsProps) {
  const t = useText();
  const { acts, state } = useFrame();
  const conversation = state.conversation.value;
  const { asked, answer } = footer;
  const jobs = conversation?.jobs.value ?? {};
  const free = jobAtWork(jobs) === null && jobs[job] !== 'failed';
  const copy = () => {
    acts.tell({ act: 'copy', text: answer });
    acts.say(t('job.copied'));
  };
  const askAnew = () => {
    if (!asked || !conversation) return;
    if (undoableFrom(job, conversation.transcript.value.turns).length > 0) return onAsk();
    const words = { text: asked.text, ...givenWith(asked), replaces: job };
    void acts.replace(conversation.session, words, []);
  };
  return (
    <span class="answer-tools">
      {answer === '' ? null : <IconButton icon="copy" label={t('job.copy')} onPress={copy} />}
      {asked && asked.provider === null && free && !still ? (
        <IconButton icon="refresh" label={t('job.again')} place={again} onPress={askAnew} />
      ) : null}
      {conversation && !still ? (
        <IconButton
          icon="repo-forked"
          label={t('job.fork')}
          onPress={() => void acts.fork(conversation.session, job)}
        />
      ) : null}
    </span>
  );
}

interface AskUndoProps {
  readonly footer: Footer;
  readonly job: string;
  onDone(): void;
}

/** Asks what becomes of the changes of an answer that is asked anew. */
function AskUndo({ footer: { asked }, job, onDone }: AskUndoProps) {
  const t = useText();
  const { acts, state } = useFrame();
  const conversation = state.conversation.value;
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.querySelector<HTMLElement>('vscode-button')?.focus(), []);
  const again = async (undo: boolean) => {
    onDone();
    if (!asked || !conversation) return;
    const jobs = undo ? undoableFrom(job, conversation.transcript.value.turns) : [];
    const words = { text: asked.text, ...givenWith(asked), replaces: job };
    await acts.replace(conversation.session, words, jobs);
  };
  return (
    <section class="again-ask" aria-label={t('job.again')} ref={place}>
      <p>{t('job.againAsk')}</p>
      <div class="buttons">
        <Button icon="discard" onPress={() => void again(true)}>
          {t('job.againUndo')}
        </Button>
        <Button secondary onPress={() => void again(false)}>
          {t('job.againKeep')}
        </Button>
        <Button secondary onPress={onDone}>
          {t('link.cancel')}
        </Button>
      </div>
    </section>
  );
}
