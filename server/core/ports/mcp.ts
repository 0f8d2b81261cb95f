import type { Failure, Outcome } from '../../protocol/failure.ts';
import type { McpProblem, McpServer, McpTransport } from '../../protocol/mcp.ts';

/** A tool as a server describes it: a stranger's words, bounded in size and depth. JSON values only. */
export interface McpDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Record<string, unknown>;
  readonly outputSchema?: Record<string, unknown>;
  readonly annotations?: Record<string, unknown>;
}

/** What a server says that it offers. */
export interface McpOffer {
  readonly tools: readonly McpDefinition[];
  readonly hasResources: boolean;
  readonly resources: readonly {
    readonly uri: string;
    readonly name: string;
    readonly description: string;
  }[];
  readonly prompts: readonly {
    readonly name: string;
    readonly description: string;
    readonly arguments: {
      readonly name: string;
      readonly description: string;
      readonly required: boolean;
    }[];
  }[];
}

/** A server that a person approved, and how it is reached. */
export interface McpPlace {
  /** What it is told apart by in this worker. */
  readonly key: string;
  /** Digest of the transport; an instance of another digest is ended. */
  readonly digest: string;
  /** The transport with its secrets filled in; asked for only where the server is started. */
  open(): Promise<Outcome<McpTransport>>;
}

/** How the instance of a server stands; `offer` is `null` where it does not run. */
export interface McpStanding {
  readonly state: 'idle' | 'starting' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly offer: McpOffer | null;
}

/** What a call may use while it lasts. */
export interface McpCallControl {
  readonly signal: AbortSignal;
  progress(fraction: number, what: string): void;
}

/** Runs the servers of a worker: one instance each, begun with the first use, shared, and ended with the worker. */
export interface McpHost {
  /** What a server offers now; it is started where it does not run. */
  offer(place: McpPlace): Promise<Outcome<McpOffer>>;
  /** Calls a tool; the result is text, and a tool that says it failed is a failure. */
  call(
    place: McpPlace,
    tool: string,
    input: Readonly<Record<string, unknown>>,
    control: McpCallControl,
  ): Promise<Outcome<string>>;
  /** Reads a resource as text. */
  read(place: McpPlace, uri: string, control: McpCallControl): Promise<Outcome<string>>;
  /** Asks for a prompt as text. */
  prompt(place: McpPlace, name: string, given: Readonly<Record<string, string>>): Promise<Outcome<string>>;
  standing(key: string): McpStanding;
  /** Forgets that a server failed, so that it is started again at once. */
  forgive(key: string): void;
  /** Ends the instance of a server. */
  end(key: string): Promise<void>;
  /** Calls back after a server or what it offers changed; returns the way to stop. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** The servers that teams commit: `.butler/mcp.json` of each workspace folder. */
export interface McpFiles {
  /** What the file of a folder holds, and what is wrong in it; a file with faults gives no servers. */
  read(workspace: string): Promise<{ servers: readonly McpServer[]; problems: readonly McpProblem[] }>;
}
