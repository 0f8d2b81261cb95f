import { faultOf } from '../adapters/storage/fault.ts';
import { bad, type Failure, good, type Outcome } from '../protocol/failure.ts';

/** What the store's engine met, as a disk that is full or a damaged file; anything else is a bug and thrown on. */
export function storeFault(error: unknown): Failure {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}

/** Does something for which the store is read; the damage that it meets is a failure. */
export async function reading<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return good(await work());
  } catch (error) {
    return bad(storeFault(error));
  }
}
