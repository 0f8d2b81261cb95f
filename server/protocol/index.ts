import { abilityMessages } from './ability.ts';
import { activityMessages } from './activity.ts';
import { approvalMessages } from './approval.ts';
import { attachmentMessages } from './attachment.ts';
import { costMessages } from './cost.ts';
import { deliverableMessages } from './deliverable.ts';
import { deliverableVersionMessages } from './deliverableVersion.ts';
import { editorMessages } from './editor.ts';
import { jobMessages } from './job.ts';
import { journalMessages } from './journal.ts';
import { languageModelMessages } from './languageModel.ts';
import { mcpMessages } from './mcp.ts';
import type { Message } from './message.ts';
import { permissionMessages } from './permission.ts';
import { planMessages } from './plan.ts';
import { policyMessages } from './policy.ts';
import { processMessages } from './process.ts';
import { providerMessages } from './provider.ts';
import { sessionMessages } from './session.ts';
import { settingsMessages } from './settings.ts';
import { targetMessages } from './target.ts';

/** The whole contract: every message that may cross between client and worker. */
export const contract: readonly Message[] = [
  ...abilityMessages,
  ...sessionMessages,
  ...jobMessages,
  ...attachmentMessages,
  ...approvalMessages,
  ...deliverableMessages,
  ...deliverableVersionMessages,
  ...journalMessages,
  ...activityMessages,
  ...policyMessages,
  ...permissionMessages,
  ...processMessages,
  ...mcpMessages,
  ...providerMessages,
  ...targetMessages,
  ...languageModelMessages,
  ...settingsMessages,
  ...costMessages,
  ...planMessages,
  ...editorMessages,
];
