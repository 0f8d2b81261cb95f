import type {
  Connection,
  InitializeParams,
  WorkDoneProgressServerReporter,
} from 'vscode-languageserver/node';
import type { Passing } from '../core/jobRun.ts';
import { isEnded } from '../core/jobStates.ts';
import { abortJob } from '../core/jobs.ts';
import type { Job } from '../protocol/job.ts';
import type { Butler } from './compose.ts';

/** Tells a client how its jobs go by work-done progress, whose cancel aborts the job. */
export function showProgress(
  connection: Connection,
  params: InitializeParams,
): { emit(passing: Passing): void; attach(butler: Butler): void } | null {
  if (!params.capabilities.window?.workDoneProgress) return null;
  const shown = new Map<string, Promise<WorkDoneProgressServerReporter>>();
  let abort = async (_job: string): Promise<void> => undefined;
  const begin = async (job: Job) => {
    const reporter = await connection.window.createWorkDoneProgress();
    reporter.begin(job.title, undefined, undefined, true);
    reporter.token.onCancellationRequested(() => void abort(job.id));
    return reporter;
  };
  return {
    emit: (passing) => {
      const { job } = passing;
      const reporter = shown.get(job.id) ?? begin(job);
      shown.set(job.id, reporter);
      if (passing.kind === 'progress') {
        const percentage = Math.round(passing.fraction * 100);
        void reporter.then((one) => one.report(percentage, passing.what));
      }
    },
    attach: (butler) => {
      abort = async (job) => {
        await abortJob(butler, job, 'person:lsp');
      };
      butler.store.watch((news) => {
        if (!news || news.some(({ job }) => job && shown.has(job))) void finish(butler, shown);
      });
    },
  };
}

async function finish(
  butler: Butler,
  shown: Map<string, Promise<WorkDoneProgressServerReporter>>,
): Promise<void> {
  for (const [id, reporter] of shown) {
    const job = await butler.store.job(id);
    if (job && !isEnded(job.state)) continue;
    if (shown.delete(id)) (await reporter).done();
  }
}
