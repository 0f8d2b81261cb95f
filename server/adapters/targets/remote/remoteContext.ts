import type { TargetContext } from '../../../core/ports/target.ts';

/** What a publication in a folder elsewhere may use. */
export interface RemoteContext extends TargetContext {
  /** For what must still be done when the person called the work off: it comes some time after `signal`. */
  readonly rest: AbortSignal;
}
