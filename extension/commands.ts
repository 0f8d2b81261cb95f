import { l10n, window } from 'vscode';
import { type Ability, listAbilities } from '../server/protocol/ability.ts';
import type { Act } from '../server/protocol/activity.ts';
import type { Outcome } from '../server/protocol/failure.ts';
import { pause, resume } from '../server/protocol/job.ts';
import { verifyJournal } from '../server/protocol/journal.ts';
import { exportShown, filterActivity, showAct } from './activityFilter.ts';
import { addMcp } from './addMcp.ts';
import { setApiKey } from './apiKey.ts';
import { decide } from './approvals.ts';
import { askAboutCode } from './codeActions.ts';
import type { CommandId } from './commandIds.ts';
import { goalOf, mendTarget } from './connectAccount.ts';
import { deliverableCommands } from './deliverableActs.ts';
import { collectDiagnostics } from './diagnostics.ts';
import { editAbility, removeAbility } from './editAbility.ts';
import { explainCommand } from './explainPolicy.ts';
import { filesOf, handOverJob } from './handOver.ts';
import {
  endCommand,
  redoWholeJob,
  setModeOfJob,
  showCommand,
  showJob,
  startJob,
  stopJob,
  undoWholeJob,
} from './jobActions.ts';
import { openAttached } from './jobArtifacts.ts';
import type { JobRow } from './jobTree.ts';
import { language } from './language.ts';
import { manageAccounts } from './manageAccounts.ts';
import { manageMcp } from './manageMcp.ts';
import { managePermissions } from './managePermissions.ts';
import { addProvider, manageProviders } from './manageProviders.ts';
import { newAbility } from './newAbility.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { emptyUserPolicy, openPolicy } from './policyFiles.ts';
import { publicationCommands } from './publicationActs.ts';
import { questionLine } from './questionText.ts';
import { setBudget } from './setBudget.ts';
import { setFallbacks } from './setFallbacks.ts';
import { showStatusMenu } from './statusMenu.ts';
import { valueOrTell } from './tell.ts';
import type { Answers } from './wizard.ts';

type Command = (parts: Parts, argument: unknown, all?: unknown) => Promise<unknown>;

/** Every command and what it does; trees give their row, the palette gives nothing. */
export const commandTable = {
  'butler.chat.show': ({ chat }, session) => chat.show(typeof session === 'string' ? { session } : null),
  'butler.chat.new': ({ chat }) => chat.show({ session: null }),
  'butler.job.new': (parts) => handOverJob(parts),
  'butler.job.newWith': (parts, file, all) => handOverJob(parts, filesOf(file, all)),
  'butler.job.show': (parts, row) => showJob(parts, rowOf(row)),
  'butler.job.approve': (parts, row) => startJob(parts, rowOf(row)),
  'butler.job.abort': (parts, row) => stopJob(parts, rowOf(row)),
  'butler.job.undo': (parts, row) => undoWholeJob(parts, rowOf(row)),
  'butler.job.redo': (parts, row) => redoWholeJob(parts, rowOf(row)),
  'butler.job.mode': (parts, row) => setModeOfJob(parts, rowOf(row)),
  'butler.showCommand': (parts, given) =>
    showCommand(parts, typeof given === 'string' ? given : rowOf(given)),
  'butler.process.end': (parts, row) => endCommand(parts, rowOf(row)),
  'butler.approval.approve': (parts, row) => answer(parts, 'approve', rowOf(row)),
  'butler.approval.deny': (parts, row) => answer(parts, 'deny', rowOf(row)),
  'butler.attachment.open': (parts, row) => openAttached(parts.attached, row),
  ...deliverableCommands,
  ...publicationCommands,
  'butler.ability.new': ({ worker }, given) => newAbility(worker, answersOf(given)),
  'butler.ability.open': (parts, one) => openAbility(parts, one),
  'butler.ability.edit': async (parts, one) => {
    const ability = await abilityOf(parts, one);
    if (ability) await editAbility(parts.worker, parts.prompts, ability);
  },
  'butler.ability.delete': async (parts, one) => {
    const ability = await abilityOf(parts, one);
    if (ability) await removeAbility(parts.worker, ability);
  },
  'butler.abilities.refresh': async ({ abilities }) => abilities.refresh(),
  'butler.activity.refresh': async ({ activity }) => activity.refresh(),
  'butler.activity.earlier': ({ activity }) => activity.earlier(),
  'butler.activity.filter': ({ activity }, query) => filterActivity(activity, nameOf(query)),
  'butler.activity.clear': async ({ activity }) => activity.ask(''),
  'butler.activity.export': (parts) => exportShown(parts),
  'butler.activity.details': async (parts, row) => {
    const act = actOf(row);
    if (act) await showAct(parts, act);
  },
  'butler.permissions.manage': ({ worker }) => managePermissions(worker),
  'butler.policy.open': ({ worker }) => openPolicy(worker),
  'butler.policy.explain': (parts, command) => explainCommand(parts, nameOf(command)),
  'butler.policy.reset': ({ worker }) => emptyUserPolicy(worker),
  'butler.code.explainIt': ({ worker }, file) => askAboutCode(worker, 'explain', file),
  'butler.code.reviewIt': ({ worker }, file) => askAboutCode(worker, 'review', file),
  'butler.code.fixIt': ({ worker }, file) => askAboutCode(worker, 'fix', file),
  'butler.code.testIt': ({ worker }, file) => askAboutCode(worker, 'test', file),
  'butler.pause': ({ worker }) => told(worker.send(pause, {})),
  'butler.resume': ({ worker }) => told(worker.send(resume, {})),
  'butler.key.set': ({ worker }, provider) => setApiKey(worker, nameOf(provider)),
  'butler.account.manage': ({ worker }) => manageAccounts(worker),
  'butler.target.check': async (parts, one) => {
    const ability = await abilityOf(parts, one);
    if (ability) await mendTarget(parts.worker, goalOf(ability));
  },
  'butler.provider.manage': ({ worker }, provider) => manageProviders(worker, nameOf(provider)),
  'butler.provider.add': ({ worker }, given) => addProvider(worker, answersOf(given)),
  'butler.provider.stayOffline': ({ providers }) => providers.stayOffline(),
  'butler.mcp.manage': (parts) => manageMcp(parts),
  'butler.mcp.add': ({ worker }, given) => addMcp(worker, answersOf(given)),
  'butler.fallbacks.set': ({ worker }) => setFallbacks(worker),
  'butler.budget.set': ({ worker }) => setBudget(worker),
  'butler.journal.verify': (parts) => verify(parts),
  'butler.diagnostics.collect': ({ context, worker }) => collectDiagnostics(context, worker),
  'butler.log.show': async ({ log }) => log.show(),
  'butler.status.menu': (parts) => showStatusMenu(parts),
  'butler.worker.restart': ({ worker }) => told(worker.restart()),
} as const satisfies Record<CommandId, Command>;

async function told<T>(outcome: Promise<Outcome<T>>): Promise<T | undefined> {
  return valueOrTell(await outcome);
}

/** Answers a question of a row, or the one that a person picks; one that no row shows in full is shown instead. */
async function answer(parts: Parts, decision: 'approve' | 'deny', row?: JobRow): Promise<unknown> {
  const asked = row?.kind === 'asked' ? row.asked : await pickQuestion(parts.board);
  if (!asked) return undefined;
  const { whole } = questionLine(asked, language);
  if (decision === 'approve' && !whole) return parts.chat.show({ session: asked.approval.session });
  return decide(parts.worker, asked.approval, decision);
}

async function pickQuestion(board: Parts['board']) {
  await board.refresh();
  const rows = board.going.asked.map((asked) => ({
    label: questionLine(asked, language).text,
    description: plainText(language.said(asked.approval.rule)),
    asked,
  }));
  const placeHolder = rows.length === 0 ? l10n.t('Nothing waits for you') : l10n.t('Which question?');
  return (await window.showQuickPick(rows, { placeHolder }))?.asked;
}

async function openAbility(parts: Parts, one: unknown): Promise<void> {
  const ability = await abilityOf(parts, one);
  if (ability) await parts.chat.show({ session: null, ability: ability.id });
}

/** The Ability of a tree's row, the one with an id, or the one that a person picks. */
async function abilityOf({ worker }: Parts, one: unknown): Promise<Ability | undefined> {
  const listed = valueOrTell(await worker.send(listAbilities, {}));
  if (!listed) return undefined;
  const id = typeof one === 'string' ? one : (one as Ability | undefined)?.id;
  if (id !== undefined) return listed.abilities.find((ability) => ability.id === id);
  const rows = listed.abilities.map((ability) => ({
    label: plainText(ability.name, 80),
    description: `${ability.deliverable} → ${ability.target.type}`,
    ability,
  }));
  return (await window.showQuickPick(rows, { placeHolder: l10n.t('Which Ability?') }))?.ability;
}

async function verify({ worker }: Parts): Promise<void> {
  const verdict = valueOrTell(await worker.send(verifyJournal, {}));
  if (verdict?.state === 'clean') {
    void window.showInformationMessage(l10n.t('The journal is whole: {0} entries.', verdict.entries));
  } else if (verdict) {
    const text = l10n.t('The journal was changed at entry {0}: {1}', verdict.seq, plainText(verdict.what));
    void window.showErrorMessage(text);
  }
}

function rowOf(argument: unknown): JobRow | undefined {
  const kind = (argument as { kind?: unknown } | undefined)?.kind;
  return kind === 'job' || kind === 'asked' || kind === 'process' ? (argument as JobRow) : undefined;
}

function actOf(argument: unknown): Act | undefined {
  const { kind, act } = (argument ?? {}) as { kind?: unknown; act?: Act };
  return kind === 'act' ? act : undefined;
}

function nameOf(argument: unknown): string | undefined {
  return typeof argument === 'string' ? argument : undefined;
}

function answersOf(given: unknown): Answers {
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
