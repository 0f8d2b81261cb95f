import type { Draft } from '../ports/store.ts';
import type { SecretKeeper } from '../redaction.ts';

/**
 * An entry as it may be kept: no known secret in any of its texts, and nothing in the form of a secret in what a tool
 * or a service said. What undoing wants stays as it is, for a file must come back byte by byte.
 */
export function cleanDraft<T extends Pick<Draft, 'type' | 'data' | 'content'>>(
  redactor: SecretKeeper,
  draft: T,
): T {
  const { type, data, content } = draft;
  const said = heard.has(type);
  const clean = said ? redactor.cleanIn : redactor.knownIn;
  const now = { data: said ? clean(data) : redactor.knownIn(data), content: cleanContent(content, clean) };
  if (now.data === data && now.content === content) return draft;
  return { ...draft, data: now.data, ...(content === undefined ? {} : { content: now.content }) };
}

/** Entries whose texts come from tools and services. */
const heard: ReadonlySet<Draft['type']> = new Set([
  'execution.finished',
  'execution.undoFailed',
  'call.refused',
  'attempt.failed',
  'provider.switched',
  'network.awaited',
  'job.failed',
  'connection.changed',
]);

function cleanContent(content: unknown, clean: SecretKeeper['knownIn']): unknown {
  if (typeof content !== 'object' || content === null || !('undo' in content)) return clean(content);
  const { undo, ...rest } = content;
  const now = clean(rest);
  return now === rest ? content : { ...now, undo };
}
