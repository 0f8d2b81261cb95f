import { bad, type Failure, failures, type Outcome } from '../../../protocol/failure.ts';
import { Moved } from '../../tools/files/anchor.ts';
import { TargetFault } from '../targetFault.ts';

/** Does work on a folder; what the disk refuses is told as a failure, and anything else thrown is a bug. */
export async function unlessDiskRefuses<T>(
  shown: string,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(shown, error);
    if (!failure) throw error;
    return bad(failure);
  }
}

/** The failure of a folder that is not what it was a moment ago. */
export function moved(shown: string): Failure {
  return failures.conflict(`${shown} is not as it was a moment ago.`, 'Try again.');
}

function failureOf(shown: string, error: unknown): Failure | null {
  if (error instanceof TargetFault) return error.failure;
  if (error instanceof Moved) return moved(shown);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return null;
  if (/^(ENOENT|ENOTDIR|ENOTEMPTY|EEXIST|EISDIR|ELOOP)$/.test(code)) return moved(shown);
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) {
    return failures.tool(
      `${shown}, or something in it, may not be touched.`,
      'Check the permissions of the folder.',
    );
  }
  if (/^(ENOSPC|EDQUOT)$/.test(code)) {
    return failures.tool(`The disk of ${shown} is full.`, 'Make room there and try again.');
  }
  return failures.tool(`${shown}: the disk answered ${code}.`, 'Mend that and try again.');
}
