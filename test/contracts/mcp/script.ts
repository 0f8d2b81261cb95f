/** A tool as the scripted server tells of it; anything may be missing or wrong. */
export type ScriptedTool = Readonly<Record<string, unknown>>;

/** At what a server fails, and how. */
export type Stage = 'start' | 'initialize' | 'list' | 'call';
export type Failing = 'crash' | 'hang' | 'garbage' | 'wrongId' | 'twice' | 'huge';

/** What the scripted server does; it reads its script anew for every request, so that a test can change its mind. */
export interface Script {
  readonly tools?: readonly ScriptedTool[];
  /** Pages of tools in place of `tools`; the last one is followed by itself where `endless` is set. */
  readonly endless?: boolean;
  readonly resources?: readonly { readonly uri: string; readonly name: string; readonly text: string }[];
  readonly prompts?: readonly { readonly name: string; readonly text: string }[];
  /** What a tool answers, by its name; absent: `did <name>`. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly fails?: { readonly at: Stage; readonly how: Failing };
  /** Tools from the next call on; the server says that they changed, before it answers. */
  readonly changesTo?: readonly ScriptedTool[];
  /** What it asks of its client after it was initialized. */
  readonly asks?: readonly string[];
  /** How often it says that its tools changed, after it was initialized. */
  readonly flood?: number;
  /** How many steps of progress it tells of in a call. */
  readonly steps?: number;
  /** Whether it stays when its input ends and when it is told to go. */
  readonly stubborn?: boolean;
  /** Whether it starts other processes, one in a group of its own, and leaves them behind. */
  readonly child?: boolean;
}

/** A line of what the scripted server noted: a request, or an answer to what it asked. */
export interface Noted {
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly error?: { readonly code: number };
  readonly pid?: number;
  readonly child?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}
