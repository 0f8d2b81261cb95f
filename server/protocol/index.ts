import { abilityMessages } from './ability.ts';
import { approvalMessages } from './approval.ts';
import { deliverableMessages } from './deliverable.ts';
import { editorMessages } from './editor.ts';
import { jobMessages } from './job.ts';
import { journalMessages } from './journal.ts';
import type { Message } from './message.ts';
import { planMessages } from './plan.ts';
import { providerMessages } from './provider.ts';
import { sessionMessages } from './session.ts';

/** The whole contract: every message that may cross between client and worker. */
export const contract: readonly Message[] = [
  ...abilityMessages,
  ...sessionMessages,
  ...jobMessages,
  ...approvalMessages,
  ...deliverableMessages,
  ...journalMessages,
  ...providerMessages,
  ...planMessages,
  ...editorMessages,
];
