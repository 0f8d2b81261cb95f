import type { Outcome } from '../../protocol/failure.ts';
import type { PolicyRule, PolicyState } from '../../protocol/policy.ts';
import type { Policies } from '../policy/decide.ts';

/** The files that hold rules: of the machine's owner, of the person, and of each workspace folder (SPEC B8). */
export interface PolicyFiles {
  /** What the files say for jobs of a workspace folder; read anew only after they changed. */
  of(workspace: string): Promise<Policies>;
  /** Every file as it stands, whether it is there or not. */
  states(): Promise<readonly PolicyState[]>;
  /**
   * Changes the rules of the person's file and keeps the rest of it; `null` takes a rule away. Fails with `invalid`
   * where the file has a fault, with `conflict` where another rule stands in that place by now.
   */
  change(change: PolicyChange): Promise<Outcome<void>>;
}

/** One change of the person's file. */
export type PolicyChange =
  | { readonly kind: 'add'; readonly rule: PolicyRule }
  | { readonly kind: 'remove'; readonly index: number; readonly rule: PolicyRule }
  | { readonly kind: 'reset' };
