import type { Sandbox } from '../../core/ports/sandbox.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Limits } from './limits.ts';

/** A command that is to be held; all paths absolute and real. */
export interface HoldRequest {
  readonly workspace: string;
  readonly cwd: string;
  /** The program with its arguments. */
  readonly program: readonly string[];
  readonly limits: Limits;
  /** Hosts that may be reached, `name` or `name:port`. */
  readonly hosts: readonly string[];
  /** Guarded paths that a person allowed it to change. */
  readonly mayChange: readonly string[];
  /** Paths that look like secrets and that a person allowed it to read. */
  readonly mayRead: readonly string[];
  /** The execution; what is put aside lies in a folder of that name. */
  readonly execution: string;
  /** Whether guarded files that come into being are put aside at its end; not where a person let them be. */
  readonly putsAside: boolean;
  readonly signal: AbortSignal;
}

/** How the command is to be started, and what must be done when it has ended. */
export interface Hold {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Takes everything down; answers the guarded files that came into being and were put aside, and where. */
  settle(): Promise<{ readonly aside: readonly string[]; readonly folder: string }>;
}

/** A sandbox that commands of agents run in. */
export interface CommandSandbox extends Sandbox {
  /** A folder that each command has for itself, whatever lies there outside; `null` where there is none. */
  readonly scratch: string | null;
  /** Why a command in this workspace could not be held, and how it would be: the approval covers both. */
  check(workspace: string, signal: AbortSignal): Promise<Outcome<string>>;
  /** Builds the walls around one command; fails closed. */
  hold(request: HoldRequest): Promise<Outcome<Hold>>;
  close(): Promise<void>;
}
