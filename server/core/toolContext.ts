import type { Transcript } from '../protocol/transcript.ts';
import { attachedFile } from './attachments.ts';
import type { JobRun } from './jobRun.ts';
import { wholeOutput } from './outputs.ts';
import type { ToolContext } from './ports/tool.ts';

/** What a tool may use for one execution of a job. */
export function toolContext(
  run: Pick<JobRun, 'ports' | 'job' | 'ability' | 'signal'> & Partial<Pick<JobRun, 'transcript' | 'record'>>,
  execution: string,
): ToolContext {
  const { ports, job, ability, signal } = run;
  return {
    workspace: job.workspace,
    ability,
    job: job.id,
    session: job.session,
    execution,
    signal,
    clock: ports.clock,
    blobs: ports.store.blobs,
    store: ports.store,
    targets: ports.targets,
    credential: (account) => ports.credential(account),
    editor: ports.editor,
    ownFolders: ports.ownFolders,
    redactor: ports.redactor,
    outputOf: (call) => (run.transcript ? wholeOutput(run.transcript(), call, job.id) : null),
    attachment: (name) => (run.transcript ? attachedFile(run.transcript(), name) : null),
    answer: null,
    noted: run.transcript ? notedBy(run.transcript(), execution) : undefined,
    note: async (note, usd) => {
      const data = { execution, ...(usd === undefined ? {} : { usd }) };
      await run.record?.({ type: 'execution.noted', data, content: { note } });
    },
    progress: (fraction, what) => ports.emit({ kind: 'progress', job, fraction, what }),
  };
}

function notedBy({ turns }: Transcript, execution: string): unknown {
  const calls = turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
  return calls.findLast((call) => call.execution === execution)?.note;
}
