import * as z from 'zod';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Failure } from '../../../protocol/failure.ts';

/** At whom something is about to be ordered; `null`: that nothing was ordered is certain. */
export const AskedNote = z.strictObject({ asked: z.string().nullable() });
export type AskedNote = z.infer<typeof AskedNote>;

/** Whether an execution with this note ordered nothing for sure. */
export function isNotOrdered(noted: unknown): boolean {
  return noted === undefined || AskedNote.safeParse(noted).data?.asked === null;
}

/** What an order came to that brought nothing. */
export interface InVain {
  readonly failure: Failure;
  /** Whether the service said yes, so that it is paid for all the same. */
  readonly isTaken: boolean;
  readonly asked: string;
  readonly usd: number | null;
}

/** Notes what an order in vain cost, or that nothing was ordered, so that it may be ordered again unasked. */
export async function noteInVain(
  { failure, isTaken, asked, usd }: InVain,
  context: ToolContext,
): Promise<void> {
  if (isTaken) await context.note({ asked } satisfies AskedNote, usd);
  else if (failure.kind === 'offline') await context.note({ asked: null } satisfies AskedNote);
}
