import { env, l10n, UIKind, Uri, workspace } from 'vscode';
import { copyOutside, isPdf } from './outsideCopy.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';

/** Lets the machine's own program show a PDF of a deliverable; where that sees no files of ours, the person saves it. */
export async function openOutside(
  { deliverables }: Pick<Parts, 'deliverables'>,
  at: { readonly deliverable: string; readonly path: string },
  save: () => Promise<void>,
): Promise<void> {
  if (env.uiKind !== UIKind.Desktop || env.remoteName) return save();
  const bytes = await workspace.fs.readFile(deliverables.uriOf(at.deliverable, at.path));
  if (!isPdf(bytes)) throw new Error(l10n.t('{0} is no PDF.', plainText(at.path, 120)));
  await env.openExternal(Uri.file(await copyOutside(at.path, bytes)));
}
