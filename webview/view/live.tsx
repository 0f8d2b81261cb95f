import type { JobState } from '../../server/protocol/job.ts';
import type { Conversation } from '../state/conversation.ts';
import type { TextKey } from '../strings.ts';
import { Thinking } from './assistant.tsx';
import { useText } from './frame.ts';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';

/** What is on its way now: the answers as they come, and what each job that goes on is doing. */
export function LiveAnswers({ conversation }: { readonly conversation: Conversation }) {
  const t = useText();
  const overlay = conversation.overlay.value;
  const jobs = Object.entries(conversation.jobs.value)
    .filter(([, state]) => words[state] !== undefined)
    .slice(-mostJobs);
  return (
    <>
      {jobs.map(([job, state]) => {
        const live = overlay[job];
        const waits = state === 'running' && hasQuestion(conversation, job);
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

function hasQuestion(conversation: Conversation, job: string): boolean {
  return conversation.transcript.value.turns.some(
    (turn) =>
      turn.kind === 'assistant' && turn.job === job && turn.calls.some((call) => call.state === 'waiting'),
  );
}
