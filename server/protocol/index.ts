import { abilityMessages } from './ability.ts';
import { approvalMessages } from './approval.ts';
import { costMessages } from './cost.ts';
import { deliverableMessages } from './deliverable.ts';
import { editorMessages } from './editor.ts';
import { jobMessages } from './job.ts';
import { journalMessages } from './journal.ts';
import { languageModelMessages } from './languageModel.ts';
import type { Message } from './message.ts';
import { planMessages } from './plan.ts';
import { providerMessages } from './provider.ts';
import { sessionMessages } from './session.ts';
import { settingsMessages } from './settings.ts';

/** The whole contract: every message that may cross between client and worker. */
export const contract: readonly Message[] = [
  ...abilityMessages,
  ...sessionMessages,
  ...jobMessages,
  ...approvalMessages,
  ...deliverableMessages,
  ...journalMessages,
  ...providerMessages,
  ...languageModelMessages,
  ...settingsMessages,
  ...costMessages,
  ...planMessages,
  ...editorMessages,
];
