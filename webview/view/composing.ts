import { useState } from 'preact/hooks';
import type { AttachedFile } from '../../server/protocol/attachment.ts';
import type { Mode } from '../../server/protocol/policy.ts';
import type { Conversation } from '../state/conversation.ts';
import type { DraftImage } from '../state/host.ts';
import { jobAtWork } from '../state/queue.ts';
import { useFrame } from './frame.ts';

/** What becomes of the words: a job, a word to the job at work, or the next job behind it. */
export type Way = 'job' | 'steer' | 'queue';

/** What became of sent words: the way they went, or nothing where they were refused. */
export type Sent = Way | null;

/** What is being written to a session, and where it goes. */
export interface Composing {
  readonly text: string;
  readonly images: readonly DraftImage[];
  readonly files: readonly AttachedFile[];
  /** What Enter does. */
  readonly way: Way;
  /** Whether it can be sent now. */
  readonly ready: boolean;
  write(text: string): void;
  /** Sends it, or what `way` says instead; what is refused stays in the field. */
  send(way?: Way): Promise<Sent>;
}

/** Keeps the draft of a session over reloads and refusals, and knows what sending it means just now. */
export function useComposing(conversation: Conversation, askFirst: boolean, mode: Mode | null): Composing {
  const { state, acts } = useFrame();
  const { session } = conversation;
  const [sending, setSending] = useState(false);
  const text = state.kept.value.drafts[session] ?? '';
  const images = state.kept.value.images[session] ?? noImages;
  const files = state.kept.value.files[session] ?? noFiles;
  const job = useJobAtWork(conversation);
  const plain = images.length === 0 && files.length === 0 && !text.startsWith('/');
  const way = job === null ? 'job' : job.hears && plain ? 'steer' : 'queue';
  const ready = state.worker.value === 'ready' && !sending && text.trim() !== '' && state.adding.value === 0;
  const write = (next: string) => {
    const { [session]: _, ...others } = state.kept.value.drafts;
    acts.keep({ drafts: next === '' ? others : { ...others, [session]: next } });
  };
  const send = async (chosen: Way = way) => {
    if (!ready) return null;
    setSending(true);
    const words = { text: text.trim(), images: images.map(({ image }) => image), files };
    const done =
      chosen === 'steer' && job
        ? await acts.steer(job.id, words.text)
        : await acts.handOver(session, {
            ...words,
            kind: askFirst ? 'run' : 'task',
            ...(mode === null ? {} : { mode }),
          });
    setSending(false);
    if (!done) return null;
    if (state.kept.value.drafts[session] !== text) return chosen;
    write('');
    acts.keepImages(session, []);
    acts.keepFiles(session, []);
    return chosen;
  };
  return { text, images, files, way, ready, write, send };
}

const noImages: readonly DraftImage[] = [];
const noFiles: readonly AttachedFile[] = [];

/** The job at work, and whether it hears words: one that runs a playbook follows its steps only. */
function useJobAtWork(conversation: Conversation): { id: string; hears: boolean } | null {
  const { state } = useFrame();
  const jobs = conversation.jobs.value;
  const id = jobAtWork(jobs);
  if (id === null) return null;
  const session = state.sessions.value?.find((one) => one.id === conversation.session);
  const ability = state.abilities.value?.find((one) => one.id === session?.ability);
  const asked = conversation.transcript.value.turns.find((turn) => turn.kind === 'person' && turn.job === id);
  const provider = (asked?.kind === 'person' ? asked.provider : null) ?? ability?.provider;
  const kind = state.providers.value?.find((one) => one.name === provider)?.kind ?? provider;
  return { id, hears: jobs[id] === 'running' && kind !== 'offline' };
}
