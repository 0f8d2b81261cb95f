import { l10n, workspace } from 'vscode';
import { type Ability, createAbility } from '../server/protocol/ability.ts';
import { bad, type Failure } from '../server/protocol/failure.ts';
import { listModels, listProviders } from '../server/protocol/provider.ts';
import { listTargets } from '../server/protocol/target.ts';
import { type AbilityChoices, abilityOf, abilitySteps } from './abilityForm.ts';
import { askStep } from './askStep.ts';
import { goalOf, offerAccount } from './connectAccount.ts';
import { language } from './language.ts';
import type { AskModels } from './modelForm.ts';
import { keyAtFault } from './targetSteps.ts';
import { valueOrTell } from './tell.ts';
import { type Answers, fillIn } from './wizard.ts';
import type { Worker } from './worker.ts';

/** Asks for a new Ability step by step and creates it; `undefined` when it was broken off or refused. */
export async function newAbility(worker: Worker, given: Answers = {}): Promise<Ability | undefined> {
  const choices = await readChoices(worker);
  if (!choices) return undefined;
  const steps = (answers: Answers) => abilitySteps(choices, answers, language);
  const take = async (answers: Answers) => {
    const made = abilityOf(choices, answers);
    if (!made.ok) return made;
    const { draft, workspace: folder } = made.value;
    return worker.send(createAbility, { draft, ...(folder ? { workspace: folder } : {}) });
  };
  const ask = askStep(l10n.t('New Ability'));
  const created = await fillIn({ steps, ask, take, refused: tellRefused }, given);
  if (created) await offerAccount(worker, goalOf(created));
  return created;
}

/** Tells why an Ability was refused; answers with the key of the question at fault. */
export function tellRefused(failure: Failure, answers: Answers): string | undefined {
  valueOrTell(bad(failure));
  return keyAtFault(failure.field, answers);
}

/** What there is to choose from, or nothing after the failure was told. */
export async function readChoices(worker: Worker): Promise<AbilityChoices | undefined> {
  const [providers, targets] = await Promise.all([
    worker.send(listProviders, { look: true }),
    worker.send(listTargets, {}),
  ]);
  const known = valueOrTell(providers);
  const goals = valueOrTell(targets);
  if (!known || !goals) return undefined;
  const folders = workspace.workspaceFolders ?? [];
  const workspaces = folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  const models: AskModels = (name) => worker.send(listModels, { name });
  const { providers: all } = known;
  return { providers: all, targets: goals.targets, workspaces, models, now: Date.now() };
}
