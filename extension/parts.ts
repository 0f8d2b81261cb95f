import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { AbilityTree } from './abilityTree.ts';
import type { ActivityTree } from './activityTree.ts';
import type { Board } from './board.ts';
import type { ChatView } from './chatView.ts';
import type { JobTree } from './jobTree.ts';
import type { LookPanels } from './lookPanels.ts';
import type { PreviewDocuments } from './previewDocuments.ts';
import type { PromptFiles } from './promptFiles.ts';
import type { ProviderList } from './providerList.ts';
import type { PublishedTree } from './publishedTree.ts';
import type { StatusBar } from './statusBar.ts';
import type { StoredFiles } from './storedFiles.ts';
import type { TerminalMirror } from './terminalMirror.ts';
import type { Worker } from './worker.ts';

/** The parts of the extension as `compose.ts` put them together, for the commands to act on. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly worker: Worker;
  readonly board: Board;
  readonly chat: ChatView;
  readonly abilities: AbilityTree;
  readonly jobs: JobTree;
  readonly activity: ActivityTree;
  readonly published: PublishedTree;
  /** Files of deliverables as documents, and those that were handed over with jobs. */
  readonly deliverables: StoredFiles;
  readonly attached: StoredFiles;
  /** Deliverables as they will look, in tabs. */
  readonly looks: LookPanels;
  readonly status: StatusBar;
  readonly previews: PreviewDocuments;
  readonly prompts: PromptFiles;
  readonly providers: ProviderList;
  readonly terminals: TerminalMirror;
}
