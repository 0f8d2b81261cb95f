import type { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Crew } from '../conversations/crew.ts';

/** Where a job publishes to, and what a stranger sees there. */
export interface Place {
  readonly target: {
    readonly type: string;
    readonly config: Readonly<Record<string, string | number | boolean>>;
  };
  /** The account that a person connected; `null` where none is wanted. */
  readonly values: Readonly<Record<string, string>> | null;
  /** What goes there: by default the website that the offline playbook makes of the sample workspace. */
  readonly goods?: Goods;
  /** Where it is a folder of this machine: what changes above it counts as an act of who dies, in place of lines. */
  readonly folder?: string;
  /** What the process of a worker is given besides. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Everything that stands there: the digest or text of each file, and for a service what it counts. */
  stands(): Promise<unknown>;
  close(): Promise<void>;
}

/** What is published, and the words with which the command line is told to. */
export interface Goods {
  readonly deliverable: AbilityDraft['deliverable'];
  /** Whatever must be there before, by an Ability; answers the words. */
  words(crew: Crew, ability: string): Promise<readonly string[]>;
}
