import { bad, type Failure, failures, type Outcome } from '../../protocol/failure.ts';

/** Why a target did not do what it was asked. */
export class TargetFault extends Error {
  readonly failure: Failure;
  /** Whether the same may go well a moment later, as after a cut. */
  readonly passing: boolean;

  constructor(failure: Failure, options: { readonly passing?: boolean; readonly cause?: unknown } = {}) {
    super(failure.what, { cause: options.cause });
    this.failure = failure;
    this.passing = options.passing ?? false;
  }
}

/** Makes a refusal of a target an outcome; anything else is a bug and is thrown on. */
export async function unlessRefused<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TargetFault) return bad(error.failure);
    throw error;
  }
}

/** The fault of work that was called off. */
export function calledOff(): TargetFault {
  return new TargetFault(failures.cancelled('Nothing was published.'));
}

/** What a server said, as it may be shown: one line, bounded, without control characters. */
export function foreignText(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
