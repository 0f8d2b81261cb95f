import type { JobState } from '../../server/protocol/job.ts';
import type { Conversation } from '../state/conversation.ts';
import { queuedWords } from '../state/queue.ts';
import type { TextKey } from '../strings.ts';
import { Thinking } from './assistant.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';

/** What is on its way now: the answers as they come, and what each job that goes on is doing. */
export function LiveAnswers({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  const overlay = conversation.overlay.value;
  const queued = queuedWords(conversation.transcript.value, conversation.jobs.value);
  const behind = new Set(queued.map((turn) => turn.job));
  const jobs = Object.entries(conversation.jobs.value)
    .filter(([job, state]) => words[state] !== undefined && !behind.has(job))
    .slice(-mostJobs);
  return (
    <>
      {jobs.map(([job, state]) => {
        const live = overlay[job];
        const waits = state === 'running' && isWaiting(conversation, job);
        return (
          <div key={job} class="turn butler live">
            {live?.thinking ? <Thinking text={live.thinking} live={live.text === ''} /> : null}
            {live?.text ? <Markdown text={live.text} /> : null}
            {waits ? null : (
              <p class="working">
                <Icon name="loading" spin />{' '}
                {live?.tool ? t('call.preparing', { tool: live.tool }) : t(words[state] ?? 'job.running')}
              </p>
            )}
          </div>
        );
      })}
    </>
  );
}

/** Jobs shown as going on; of a longer queue the last ones tell enough. */
const mostJobs = 4;

const words: Readonly<Partial<Record<JobState, TextKey>>> = {
  queued: 'job.queued',
  running: 'job.running',
  aborting: 'job.aborting',
};

/** Whether a line of its own already says what the job waits for: a person, or the network. */
function isWaiting(conversation: Conversation, job: string): boolean {
  return conversation.transcript.value.turns.some(
    (turn) =>
      turn.job === job &&
      ((turn.kind === 'assistant' && turn.calls.some((call) => call.state === 'waiting')) ||
        (turn.kind === 'question' && turn.approval.decision === null) ||
        (turn.kind === 'network' && !turn.returned)),
  );
}
