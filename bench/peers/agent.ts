import type { ToolCall } from './wires/wire.ts';

/** Where one agent lives while it is measured; nothing of the person's own home is in it. */
export interface Room {
  /** Address of the scripted model. */
  readonly model: string;
  /** Folder of this repository. */
  readonly root: string;
  /** Folder that the agent was installed into. */
  readonly installed: string;
  readonly home: string;
  readonly workspace: string;
  readonly temp: string;
  /** A name for what is one job and what goes on with it, for agents that want to be told. */
  readonly session: string;
}

/** A program to start. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Where it is spoken to over its standard input: what is said first, what it says when it is done, what ends it. */
  readonly dialogue?: { readonly greeting: string; readonly until: string; readonly farewell: string };
}

/** Where an agent comes from: the package of npm, the release that is measured, and its program. */
export interface Release {
  readonly package: string;
  readonly version: string;
  readonly program: string;
}

/** An agent under measurement: what it needs to be pointed at a scripted model, and how it calls its tools. */
export interface Agent {
  readonly name: string;
  /** `null` for what stands in this repository. */
  readonly release: Release | null;
  /** A tool that is offered in the requests of its loop, and not in those it sends beside it. */
  readonly mark: string;
  environment(room: Room): Readonly<Record<string, string>>;
  /** Lays its settings into its home and workspace. */
  settle?(room: Room): void;
  /** Commands that finish its set-up, in turn. */
  prepare?(room: Room): readonly Command[];
  /** Runs a job without a screen. */
  start(text: string, room: Room): Command;
  /** Goes on with the last job after a crash; absent where the agent cannot do so without a person. */
  resume?(text: string, room: Room): Command;
  /** The call that reads a file of the workspace. */
  read(file: string, room: Room): ToolCall;
  /** The call that adds the line `step<number>` to the log in the workspace; absent for an agent without retries. */
  step?(number: number, room: Room): ToolCall;
}

/** The file that the steps are added to. */
export const logFile = 'log.txt';

/** The shell command of a step. */
export const stepCommand = (number: number): string => `echo step${number} >> ${logFile}`;
