import * as z from 'zod';
import * as abilities from '../core/abilities.ts';
import { decideApproval } from '../core/approvals.ts';
import { attachedTo, readAttached } from '../core/attachedReading.ts';
import { readDeliverable } from '../core/deliverables.ts';
import { listVersions } from '../core/deliverableVersions.ts';
import { explain } from '../core/explain.ts';
import { forkSession } from '../core/fork.ts';
import { addImage } from '../core/images.ts';
import { setJobMode } from '../core/jobMode.ts';
import * as jobs from '../core/jobs.ts';
import * as servers from '../core/mcp/servers.ts';
import { listServers } from '../core/mcp/states.ts';
import * as permissions from '../core/permissions.ts';
import { changePolicy, readPolicies } from '../core/policies.ts';
import * as providers from '../core/providers.ts';
import { listModels, testProvider } from '../core/providerTest.ts';
import { linkTo } from '../core/publicationLink.ts';
import { redoJob } from '../core/redo.ts';
import * as sessions from '../core/sessions.ts';
import { saveSettings } from '../core/settings.ts';
import { steerJob } from '../core/steer.ts';
import * as targets from '../core/targets.ts';
import { undoJob } from '../core/undo.ts';
import * as ability from '../protocol/ability.ts';
import * as activity from '../protocol/activity.ts';
import * as approval from '../protocol/approval.ts';
import * as attachment from '../protocol/attachment.ts';
import * as cost from '../protocol/cost.ts';
import * as deliverable from '../protocol/deliverable.ts';
import * as version from '../protocol/deliverableVersion.ts';
import * as editor from '../protocol/editor.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../protocol/failure.ts';
import * as job from '../protocol/job.ts';
import * as journal from '../protocol/journal.ts';
import * as mcp from '../protocol/mcp.ts';
import type { ParamsOf, Request, ResultOf } from '../protocol/message.ts';
import * as permission from '../protocol/permission.ts';
import * as plan from '../protocol/plan.ts';
import * as policy from '../protocol/policy.ts';
import * as process from '../protocol/process.ts';
import * as provider from '../protocol/provider.ts';
import * as session from '../protocol/session.ts';
import * as settings from '../protocol/settings.ts';
import * as target from '../protocol/target.ts';
import { exportActs, queryActs } from './activity.ts';
import type { Butler } from './compose.ts';
import { compareTexts, exportTo, publishAgain, readFileOf } from './deliverables.ts';
import { examine } from './doctor.ts';
import { findLeaving } from './leaving.ts';

/** One row of the table: a request of the contract and the function that answers it. */
interface Handler {
  readonly message: Request;
  answer(butler: Butler, params: unknown, actor: string, signal: AbortSignal): Promise<Outcome<unknown>>;
}

function on<M extends Request>(
  message: M,
  answer: (
    butler: Butler,
    params: ParamsOf<M>,
    actor: string,
    signal: AbortSignal,
  ) => Promise<Outcome<ResultOf<M>>>,
): Handler {
  return { message, answer: answer as Handler['answer'] };
}

/** Every request that a client may send, and what answers it. */
export const handlers: readonly Handler[] = [
  on(ability.listAbilities, async (butler) => good(await butler.abilities())),
  on(ability.readAbility, (butler, { id }) => abilities.readAbility(butler, id)),
  on(ability.createAbility, (butler, params, actor) => abilities.createAbility(butler, params, actor)),
  on(ability.updateAbility, (butler, params, actor) => abilities.updateAbility(butler, params, actor)),
  on(ability.deleteAbility, async (butler, { id }, actor) =>
    nothing(await abilities.deleteAbility(butler, id, actor)),
  ),
  on(session.listSessions, async (butler, { ability, limit }) =>
    good({ sessions: await butler.store.sessions({ limit, ...(ability ? { ability } : {}) }) }),
  ),
  on(session.createSession, (butler, params, actor) => sessions.createSession(butler, params, actor)),
  on(session.renameSession, (butler, params, actor) => sessions.renameSession(butler, params, actor)),
  on(session.forkSession, (butler, params, actor) => forkSession(butler, params, actor)),
  on(session.deleteSession, async (butler, { id }, actor) =>
    nothing(await sessions.deleteSession(butler, id, actor)),
  ),
  on(job.createJob, (butler, params, actor) => jobs.createJob(butler, params, actor)),
  on(job.addImage, (butler, { data }) => addImage(butler, Buffer.from(data, 'base64'))),
  on(attachment.addAttachment, (butler, { path }) => butler.attaching.addFile(path)),
  on(attachment.addAttachmentPart, (butler, { data, ...part }) =>
    butler.attaching.addPart({ ...part, bytes: Buffer.from(data, 'base64') }),
  ),
  on(attachment.listAttachments, (butler, { job }) => attachedTo(butler.store, job)),
  on(attachment.readAttachment, async (butler, params) => {
    const read = await readAttached(butler.store, params);
    return read.ok ? good({ content: Buffer.from(read.value).toString('base64') }) : read;
  }),
  on(job.steerJob, (butler, params, actor) => steerJob(butler, params, actor)),
  on(job.setJobMode, (butler, params, actor) => setJobMode(butler, params, actor)),
  on(job.readJob, (butler, { id }) => jobs.readJob(butler, id)),
  on(job.listJobs, async (butler, params) => good({ jobs: await butler.store.jobs(present(params)) })),
  on(job.approveJob, (butler, { id }, actor) => jobs.approveJob(butler, id, actor)),
  on(job.abortJob, (butler, { id }, actor) => jobs.abortJob(butler, id, actor)),
  on(job.undoJob, (butler, params, actor, signal) => undoJob(butler, params, actor, signal)),
  on(job.redoJob, (butler, params, actor, signal) => redoJob(butler, params, actor, signal)),
  on(job.readAdmin, async (butler) => good(await butler.store.admin())),
  on(job.pause, (butler, _params, actor) => jobs.setPaused(butler, true, actor)),
  on(job.resume, (butler, _params, actor) => jobs.setPaused(butler, false, actor)),
  on(approval.listApprovals, async (butler, { job }) =>
    good({ approvals: await butler.store.pendingApprovals(job) }),
  ),
  on(approval.decideApproval, (butler, params, actor) => decideApproval(butler, present(params), actor)),
  on(policy.readPolicy, async (butler) => good(await readPolicies(butler))),
  on(policy.addPolicyRule, (butler, { rule }, actor) => changePolicy(butler, { kind: 'add', rule }, actor)),
  on(policy.removePolicyRule, (butler, params, actor) =>
    changePolicy(butler, { kind: 'remove', ...params }, actor),
  ),
  on(policy.resetPolicy, (butler, _params, actor) => changePolicy(butler, { kind: 'reset' }, actor)),
  on(policy.explainPolicy, (butler, params) => explain(butler, params)),
  on(permission.listPermissions, async (butler) =>
    good({ holders: await permissions.listPermissions(butler) }),
  ),
  on(permission.checkPermission, (butler, params) => permissions.checkPermission(butler, params)),
  on(permission.changePermission, (butler, params, actor) =>
    permissions.changePermission(butler, params, actor),
  ),
  on(deliverable.listDeliverables, async (butler, params) =>
    good({ deliverables: await butler.store.deliverables(present(params)) }),
  ),
  on(deliverable.readDeliverable, (butler, { id }) => readDeliverable(butler.store, id)),
  on(deliverable.readDeliverableFile, (butler, params) => readFileOf(butler, present(params))),
  on(version.listDeliverableVersions, (butler, params) => listVersions(butler.store, params)),
  on(version.compareDeliverables, (butler, params) => compareTexts(butler, params)),
  on(version.exportDeliverable, (butler, params, _actor, signal) => exportTo(butler, params, signal)),
  on(deliverable.listPublications, async (butler, params) =>
    good({ publications: await butler.store.publications(present(params)) }),
  ),
  on(deliverable.publishDeliverable, async (butler, { id }, actor) => {
    const created = await publishAgain(butler, id, actor);
    return created.ok ? good({ job: created.value.id }) : created;
  }),
  on(activity.queryActivity, (butler, params) => queryActs(butler, params)),
  on(activity.exportActivity, (butler, params) => exportActs(butler, params)),
  on(journal.readJournal, async (butler, { filter, after, before, limit }) =>
    good(await butler.store.entries({ ...present({ filter, after, before }), limit, bodies: true })),
  ),
  on(journal.verifyJournal, async (butler) => good(await butler.store.verify())),
  on(provider.listProviders, async (butler, { look }) =>
    good({ providers: await providers.listProviders(butler, look) }),
  ),
  on(target.listTargets, async (butler) => {
    const accounts = Object.values(await butler.store.kept('targetAccount'));
    const rows = butler.targets.map(({ name, title, about, config }) => ({
      name,
      title,
      about,
      config: z.toJSONSchema(config, { io: 'input' }),
    }));
    return good({ targets: rows, accounts });
  }),
  on(target.readTargetAccount, (butler, params) => targets.readAccount(butler, params)),
  on(target.connectTarget, (butler, params, actor) => targets.connect(butler, params, actor)),
  on(target.signInTarget, (butler, params, actor, signal) => targets.signIn(butler, params, actor, signal)),
  on(target.disconnectTarget, async (butler, { account }, actor) =>
    nothing(await targets.disconnect(butler, account, actor)),
  ),
  on(target.checkTarget, (butler, params, _actor, signal) => targets.check(butler, present(params), signal)),
  on(target.linkPublication, (butler, params) => linkTo(butler, params)),
  on(provider.saveProvider, (butler, { config }, actor) => providers.saveProvider(butler, config, actor)),
  on(provider.removeProvider, async (butler, { name }, actor) =>
    nothing(await providers.removeProvider(butler, name, actor)),
  ),
  on(provider.listModels, async (butler, { name }) => {
    const listed = await listModels(butler, name);
    return listed.ok ? good({ models: [...listed.value] }) : listed;
  }),
  on(provider.testProvider, (butler, params) => testProvider(butler, params)),
  on(provider.findLeaving, (butler, { fallbacks }) => findLeaving(butler, fallbacks)),
  on(provider.setSecret, (butler, params, actor) => providers.setKey(butler, params, actor)),
  on(settings.readSettings, async (butler) => good(await butler.store.settings())),
  on(settings.saveSettings, (butler, { change }, actor) => saveSettings(butler, change, actor)),
  on(cost.readCosts, async (butler, { job: id, since = butler.clock.midnight() }) => {
    const spent = async (query: Parameters<typeof butler.store.spent>[0]) => {
      const { tokens, usd, unpriced } = await butler.store.spent(query);
      return { tokens, usd, unpriced };
    };
    return good({ job: id ? await spent({ job: id }) : null, since: await spent({ since }) });
  }),
  on(plan.listPlaybooks, async (butler) =>
    good({
      playbooks: butler.playbooks.map(({ id, title, command, about }) => ({ id, title, command, about })),
    }),
  ),
  on(mcp.listMcp, async (butler, { connect }) => good(await listServers(butler, connect))),
  on(mcp.saveMcp, (butler, { server }, actor) => servers.saveServer(butler, server, actor)),
  on(mcp.removeMcp, async (butler, { name }, actor) =>
    nothing(await servers.removeServer(butler, name, actor)),
  ),
  on(mcp.approveMcp, (butler, params, actor) => servers.approve(butler, params, actor)),
  on(mcp.setMcpSecret, (butler, params, actor) => servers.setServerSecret(butler, params, actor)),
  on(mcp.readMcpPrompt, (butler, params) => servers.readPrompt(butler, params)),
  on(process.listProcesses, async (butler, { job }) => good({ processes: butler.processes.list(job) })),
  on(process.readProcess, async (butler, { id }) => butler.processes.read(id)),
  on(process.endProcess, async (butler, { id }) => nothing(await butler.processes.end(id))),
  on(editor.doctor, async (butler) => good({ findings: await examine(butler) })),
];

const byMethod = new Map(handlers.map((handler) => [handler.message.method, handler]));

/** Answers one request of a client: finds its handler, checks the question by its schema, and acts. */
export async function answer(
  butler: Butler,
  method: string,
  params: unknown,
  actor: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<unknown>> {
  const handler = byMethod.get(method);
  if (!handler) {
    return bad(
      failures.invalid(
        'method',
        `There is no request "${method}".`,
        'See docs/protocol for those there are.',
      ),
    );
  }
  const parsed = handler.message.params.safeParse(params ?? {});
  if (!parsed.success) return bad(fromIssues(parsed.error));
  try {
    const outcome = await handler.answer(butler, parsed.data, actor, signal);
    return outcome.ok ? outcome : bad(butler.redactor.cleanIn(outcome.failure));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return bad(failures.internal(butler.redactor.clean(what)));
  }
}

function nothing(outcome: Outcome<void>): Outcome<Record<string, never>> {
  return outcome.ok ? good({}) : outcome;
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The same object without the fields that are undefined. */
function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>;
}
