import type { ToolContext } from '../../../core/ports/tool.ts';
import type { AttachedFile } from '../../../protocol/attachment.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { largestText } from './look.ts';
import { decode } from './textForm.ts';

/** How a file that a person attached is named; no path of a workspace begins like that. */
const scheme = 'attachment:';

/** The attached file that a path names; `null` where it is a path like any other. */
export function readAttached(
  given: string,
  { attachment }: Pick<ToolContext, 'attachment'>,
  field: string,
): Outcome<AttachedFile> | null {
  if (!given.startsWith(scheme)) return null;
  const name = given.slice(scheme.length);
  const file = attachment(name);
  if (file) return good(file);
  const what = `"${field}": no file ${JSON.stringify(name.slice(0, 120))} was attached.`;
  return bad(failures.invalid(field, what, 'Take a name that the person’s message lists.'));
}

/** The text of an attached file; fails where it is none, or too large to be read line by line. */
export async function attachedText(
  { name, digest, size }: AttachedFile,
  { blobs }: Pick<ToolContext, 'blobs'>,
): Promise<Outcome<string>> {
  const fault = (what: string) => bad(failures.tool(`attachment:${name} ${what}.`, 'Choose another file.'));
  if (size > largestText) return fault(`is too large to be read (${Math.round(size / 1024 / 1024)} MB)`);
  const bytes = await blobs.get(digest);
  if (!bytes) return fault('was deleted');
  const decoded = decode(bytes);
  return decoded ? good(decoded.text) : fault('is not a text file');
}
