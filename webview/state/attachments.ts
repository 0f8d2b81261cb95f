import { type AttachedFile, addAttachmentPart, mostAttached } from '../../server/protocol/attachment.ts';
import { type Failure, failures, type Outcome } from '../../server/protocol/failure.ts';
import { Image } from '../../server/protocol/provider.ts';
import type { Kept } from './host.ts';
import { addImages, base64Of } from './images.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

/** Bytes that one message takes. */
const partSize = 3 * 1024 * 1024;

const images: readonly string[] = Image.shape.type.options;

/** Puts what a person gave to the draft of a session: images to be looked at, any other file to be read by the agent. */
export async function addFiles(
  state: PageState,
  send: Send,
  session: string,
  files: readonly File[],
): Promise<void> {
  for (const file of files) {
    if (images.includes(file.type)) {
      await addImages(state, send, session, [file]);
      continue;
    }
    state.adding.value += 1;
    const added = await attach(state, send, session, file);
    state.adding.value -= 1;
    if (!added.ok) {
      state.notice.value = { kind: 'failure', failure: added.failure };
      return;
    }
    const before = (state.kept.value.files[session] ?? []).filter(({ name }) => name !== added.value.name);
    keepFiles(state, session, [...before, added.value]);
  }
}

/** Keeps the files of a session's draft. */
export function keepFiles(state: PageState, session: string, files: readonly AttachedFile[]): void {
  const { [session]: _, ...others } = state.kept.value.files;
  const kept: Kept['files'] = files.length === 0 ? others : { ...others, [session]: [...files] };
  state.kept.value = { ...state.kept.value, files: kept };
}

async function attach(
  state: PageState,
  send: Send,
  session: string,
  file: File,
): Promise<Outcome<AttachedFile>> {
  const t = state.text.value;
  const no = (failure: Failure): Outcome<never> => ({ ok: false, failure });
  if ((state.kept.value.files[session] ?? []).length >= mostAttached) {
    return no(failures.invalid('files', t('file.tooMany', { n: mostAttached }), t('image.tooManyMend')));
  }
  let arrival: string | undefined;
  for (let at = 0; ; at += partSize) {
    const last = at + partSize >= file.size;
    const data = await base64Of(file.slice(at, at + partSize)).catch(() => null);
    if (data === null) {
      return no(failures.invalid('files', t('file.unread', { name: file.name }), t('file.unreadMend')));
    }
    const part = { name: file.name, data, last, ...(arrival === undefined ? {} : { arrival }) };
    const sent = await send(addAttachmentPart, part);
    if (!sent.ok) return sent;
    arrival = sent.value.arrival;
    if (sent.value.file) return { ok: true, value: sent.value.file };
    if (last) return no(failures.malformed(file.name, 'it did not arrive.'));
  }
}
