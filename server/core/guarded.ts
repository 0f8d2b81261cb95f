import { bad, failures, type Outcome } from '../protocol/failure.ts';
import { CannotRecord } from './jobRun.ts';

/** A tool that throws has a bug; the job is told so and goes on. */
export async function guarded<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotRecord) throw error;
    return bad(failures.internal(error instanceof Error ? error.message : String(error)));
  }
}
