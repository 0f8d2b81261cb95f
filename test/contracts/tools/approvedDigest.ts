import { hash } from 'node:crypto';
import { canonical } from '../../../server/core/canonical.ts';
import type { ToolPlan } from '../../../server/core/ports/tool.ts';

/** A digest of what an approval of a plan covers: its effects and whatever else makes it exactly this. */
export function approvedDigest({ effects, exactly }: ToolPlan): string {
  return hash('sha256', canonical({ effects, exactly }));
}
