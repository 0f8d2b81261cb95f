import type { TargetContext } from '../../../core/ports/target.ts';
import { failures, good } from '../../../protocol/failure.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import { unlessRefused } from '../targetFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import type { RemoteKind } from './remoteKind.ts';
import { lookAt, othersAtWork } from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** Tries whether a folder elsewhere can be reached and read, and tells what is there; writes nothing. */
export async function checkFolder<C>(
  kind: RemoteKind<C>,
  chosen: C,
  context: TargetContext,
): Promise<readonly TargetFinding[]> {
  const account = kind.account(chosen);
  const credential = await context.credential(account.id);
  if (!credential) return [faulty(failures.noAccount(account.title))];
  const { signal, workspace } = context;
  const opened = await unlessRefused(() => kind.place.open(chosen, credential, signal, workspace));
  if (!opened.ok) return [faulty(opened.failure)];
  const folder = opened.value;
  try {
    const looked = await unlessRefused(async () => good(await findingsOf(folder, context)));
    const more = await unlessRefused(async () =>
      good((await kind.check?.(chosen, folder, context.signal)) ?? []),
    );
    const letIn: TargetFinding = { good: true, what: `${folder.address} let us in.` };
    return [
      letIn,
      ...(looked.ok ? looked.value : [faulty(looked.failure)]),
      ...(more.ok ? more.value : [faulty(more.failure)]),
      ...(looked.ok && more.ok ? [untried] : []),
    ];
  } finally {
    await folder.close().catch(() => {});
  }
}

/** Nothing is written by a check, so it cannot know this. */
const untried: TargetFinding = {
  good: true,
  what: 'Whether this account may write and delete there shows with the first publication.',
};

async function findingsOf(folder: RemoteFolder, context: TargetContext): Promise<TargetFinding[]> {
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  if (!standing.exists)
    return [{ good: true, what: 'The folder is not there yet; it is made by the first publication.' }];
  if (standing.obscure) {
    const what = 'There is a file ".butler-publish.json" that is not of this target.';
    return [{ good: false, what, mend: 'Choose another folder, or take that file away.' }];
  }
  const ours = standing.ours.size;
  const foreign = [...standing.files.keys()].filter((path) => !standing.ours.has(path)).length;
  const findings = [
    { good: true, what: `The folder holds ${ours} published files and ${foreign} of others.` },
  ];
  if (!othersAtWork(standing, context)) return findings;
  return [
    ...findings,
    { good: false, what: 'A publication is at work there.', mend: 'Wait until it is done.' } as TargetFinding,
  ];
}

function faulty({ what, mend }: { what: string; mend: string }): TargetFinding {
  return { good: false, what, mend };
}
