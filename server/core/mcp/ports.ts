import type { Clock } from '../ports/clock.ts';
import type { McpFiles, McpHost } from '../ports/mcp.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Tool } from '../ports/tool.ts';
import type { SecretKeeper } from '../redaction.ts';

/** What the servers need from outside core. */
export interface McpPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly redactor: SecretKeeper;
  readonly mcpHost: McpHost;
  readonly mcpFiles: McpFiles;
  /** The tools that are built in, whose names no server may take unseen. */
  readonly tools: readonly Tool[];
  /** Absolute real paths of the workspace folders in hand. */
  workspaces(): readonly string[];
}
