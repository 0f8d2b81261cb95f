import * as z from 'zod';
import { plainAddress } from '../../core/plainAddress.ts';
import { isGuarded } from '../../core/policy/protections.ts';
import type { Parcel, Target, TargetContext, TargetPlan } from '../../core/ports/target.ts';
import type { Tool, ToolContext, ToolResult } from '../../core/ports/tool.ts';
import type { Deliverable, Publication } from '../../protocol/deliverable.ts';
import type { Effect } from '../../protocol/effect.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../protocol/failure.ts';
import { Id } from '../../protocol/message.ts';
import { findingNotes } from './files/findingNotes.ts';
import { secretIn } from './files/secretIn.ts';

const Input = z.strictObject({
  deliverable: Id.optional().describe("id; default the job's newest"),
});
type Input = z.infer<typeof Input>;

const Undo = z.strictObject({ target: z.string(), deliverable: Id, undo: z.unknown() });

/** What an execution notes: the target that was approved, whatever the Ability says by now, and the target's own note. */
const Kept = z.strictObject({ type: z.string(), config: z.unknown(), noted: z.unknown().optional() });
type Kept = z.infer<typeof Kept>;

/** Publishes a deliverable to the target of the Ability. */
export const publish: Tool<Input> = {
  name: 'publish',
  description: "Publishes a deliverable to the Ability's target.",
  input: Input,
  needs: [
    { permission: 'publish', reason: "Puts the deliverable where the Ability's target says." },
    { permission: 'write', reason: 'Replaces files where a publication goes into the workspace.' },
  ],
  repeatable: false,
  async plan(input, context) {
    const errand = await errandOf(input, context, context.ability.target);
    if (!errand.ok) return errand;
    const planned = await planErrand(errand.value, context);
    if (!planned.ok) return planned;
    const { preview, ...plan } = planned.value;
    const { type, parcel } = errand.value;
    const found = await findingNotes({ type, files: parcel.files }, context);
    const notes = [...(preview.notes ?? []), ...found];
    return good({ ...plan, preview: notes.length > 0 ? { ...preview, notes } : preview });
  },
  async run(input, plan, context) {
    const { type, config: wanted } = context.ability.target;
    const errand = await errandOf(input, context, { type, config: wanted });
    if (!errand.ok) return errand;
    const again = await planErrand(errand.value, context);
    if (!again.ok) return again;
    if (JSON.stringify(again.value.exactly) !== JSON.stringify(plan.exactly)) {
      return bad(
        failures.conflict('What stands at the target changed since it was shown.', 'Publish again.'),
      );
    }
    const { target, parcel, config } = errand.value;
    if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
    if (!keptBy(context)) await context.note({ type, config: wanted } satisfies Kept);
    const published = await target.publish(parcel, config, targetContext(context, { type, config: wanted }));
    return published.ok ? good(resultOf(errand.value, published.value)) : published;
  },
  async undo(given, context) {
    const { target: name, undo } = Undo.parse(given);
    const target = context.targets.find((one) => one.name === name);
    return target ? target.unpublish(undo, targetContext(context)) : bad(failures.notFound('target', name));
  },
  async reconcile(input, context) {
    const approved = keptBy(context);
    if (!approved) return { state: 'notDone' };
    const errand = await errandOf(input, context, approved);
    if (!errand.ok) return { state: 'unknown' };
    const { target, parcel, config } = errand.value;
    const found = await target.reconcile(parcel, config, targetContext(context, approved));
    return found ? { state: 'done', result: resultOf(errand.value, found) } : { state: 'notDone' };
  },
};

/** What publishing would do, as the target tells it; nothing that holds a secret is published. */
async function planErrand({ target, parcel, config }: Errand, context: ToolContext) {
  const leak = await secretIn(parcel.files, context);
  if (leak) return leak;
  const planned = await target.plan(parcel, config, targetContext(context));
  if (!planned.ok) return planned;
  const { address, effect, preview, exactly } = plainly(planned.value);
  const count = parcel.files.length;
  return good({
    title: `Publish ${count} ${count === 1 ? 'file' : 'files'} to ${address}`,
    effects: [effect, ...protectedFiles(effect, parcel)],
    exactly: { address, config, deliverable: parcel.deliverable, files: digests(parcel), stands: exactly },
    preview,
  });
}

/** The same plan with an address that a person can judge, wherever it leads out. */
function plainly(plan: TargetPlan): TargetPlan {
  const { effect, preview } = plan;
  if (effect.kind !== 'publish' || effect.place !== 'outside') return plan;
  const { address, note } = plainAddress(plan.address);
  const notes = [...(note === null ? [] : [note]), ...(preview.notes ?? [])];
  return {
    ...plan,
    address,
    effect: {
      ...effect,
      address: plainAddress(effect.address).address,
      path: plainAddress(effect.path).address,
      shown: plainAddress(effect.shown).address,
    },
    preview: {
      ...preview,
      address: plainAddress(preview.address).address,
      ...(notes.length > 0 ? { notes } : {}),
    },
  };
}

/** Files that may not arrive unasked wherever they lie are named one by one, for the policy to see (SECURITY S1). */
function protectedFiles(effect: Effect, parcel: Parcel): Effect[] {
  if (effect.kind !== 'publish') return [];
  return parcel.files
    .map((file) => ({
      ...effect,
      path: `${effect.path}/${file.path}`,
      shown: `${effect.shown}/${file.path}`,
    }))
    .filter((one) => isGuarded(one.shown));
}

interface Errand {
  readonly target: Target;
  readonly type: string;
  readonly parcel: Parcel;
  readonly config: unknown;
}

async function errandOf(
  input: Input,
  context: ToolContext,
  { type, config }: Pick<Kept, 'type' | 'config'>,
): Promise<Outcome<Errand>> {
  const deliverable = await chosen(input, context);
  if (!deliverable.ok) return deliverable;
  const target = context.targets.find((one) => one.name === type);
  if (!target) return bad(failures.notFound('target', type));
  const parsed = target.config.safeParse(config);
  if (!parsed.success) return bad(fromIssues(parsed.error, 'target.config'));
  const { id, title, files, type: kind } = deliverable.value;
  return good({ target, type: kind, parcel: { deliverable: id, title, files }, config: parsed.data });
}

async function chosen(input: Input, context: ToolContext): Promise<Outcome<Deliverable>> {
  if (input.deliverable === undefined) {
    const [newest] = await context.store.deliverables({ job: context.job, limit: 1 });
    const whole = newest && (await context.store.deliverable(newest.id));
    if (whole) return good(whole);
    return bad(
      failures.invalid('deliverable', 'This job has no deliverable yet.', 'Save one with save_deliverable.'),
    );
  }
  const found = await context.store.deliverable(input.deliverable);
  if (!found || found.session !== context.session)
    return bad(failures.notFound('deliverable', input.deliverable));
  return good(found);
}

function keptBy(context: ToolContext): Kept | null {
  return Kept.safeParse(context.noted).data ?? null;
}

/** What a target may use; its notes stand beside what was `approved`, where it publishes. */
function targetContext(context: ToolContext, approved?: Pick<Kept, 'type' | 'config'>): TargetContext {
  const { workspace, execution, signal, blobs, ownFolders, credential } = context;
  return {
    workspace,
    execution,
    signal,
    blobs,
    ownFolders,
    credential,
    now: () => context.clock.now(),
    progress: (fraction, what) => context.progress(fraction, what),
    noted: keptBy(context)?.noted,
    note: async (noted) => {
      if (approved)
        await context.note({ type: approved.type, config: approved.config, noted } satisfies Kept);
    },
  };
}

function digests(parcel: Parcel): string[][] {
  return parcel.files.map((file) => [file.path, file.digest]);
}

function resultOf(
  { target, parcel }: Errand,
  { publication, undo }: { publication: Publication; undo: unknown },
): ToolResult {
  const { location, entry } = publication;
  return {
    output: JSON.stringify({
      deliverable: parcel.deliverable,
      title: parcel.title,
      target: target.name,
      location,
      ...(entry === undefined ? {} : { entry }),
      files: parcel.files.length,
    }),
    undo: { target: target.name, deliverable: parcel.deliverable, undo },
    published: { deliverable: parcel.deliverable, publication },
  };
}
