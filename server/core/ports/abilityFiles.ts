import type { Ability, AbilityDraft, AbilityProblem } from '../../protocol/ability.ts';
import type { Outcome } from '../../protocol/failure.ts';

/** The Abilities that teams commit: `.butler/abilities.json` of each workspace folder. */
export interface AbilityFiles {
  /** What the files of the folders hold, and what is wrong in them; a file with faults gives its good entries. */
  read(): Promise<{ abilities: Ability[]; problems: AbilityProblem[] }>;
  /** Writes one Ability into the file of a folder, keeping the rest as it is; refuses a file that has faults. */
  save(workspace: string, id: string, draft: AbilityDraft): Promise<Outcome<Ability>>;
  remove(workspace: string, id: string): Promise<Outcome<void>>;
}
