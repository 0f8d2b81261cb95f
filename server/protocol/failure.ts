import * as z from 'zod';

/** Every kind of expected failure; a surface chooses its icon and its next step by the kind. */
export const FailureKind = z.enum([
  'invalid',
  'notFound',
  'conflict',
  'denied',
  'expired',
  'cancelled',
  'offline',
  'auth',
  'limited',
  'overloaded',
  'tooLong',
  'refused',
  'cut',
  'malformed',
  'store',
  'tool',
  'internal',
]);
export type FailureKind = z.infer<typeof FailureKind>;

/** An expected failure as a value: what happened, and what to do about it. */
export const Failure = z.strictObject({
  kind: FailureKind,
  /** What happened, one sentence for a person. */
  what: z.string(),
  /** What mends it, one sentence for a person. */
  mend: z.string(),
  /** The field or the place at fault, as `jobs.text` or `abilities.json:12`. */
  field: z.string().optional(),
  /** When a limit ends, in ms since 1970. */
  until: z.int().optional(),
});
export type Failure = z.infer<typeof Failure>;

/** A value, or the failure that stood in its way. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** Wraps a good value. */
export const good = <T>(value: T): Outcome<T> => ({ ok: true, value });
/** Wraps a failure. */
export const bad = (failure: Failure): Outcome<never> => ({ ok: false, failure });

/** The catalogue: one constructor for each failure that the product knows. */
export const failures = {
  invalid: (field: string, what: string, mend: string): Failure => ({ kind: 'invalid', what, mend, field }),
  notFound: (noun: string, id: string): Failure => ({
    kind: 'notFound',
    what: `There is no ${noun} "${id}".`,
    mend: `Refresh the list of ${plural(noun)} and choose one of them.`,
    field: 'id',
  }),
  conflict: (what: string, mend: string): Failure => ({ kind: 'conflict', what, mend }),
  deleted: (file: string): Failure => ({
    kind: 'conflict',
    what: `The content of "${file}" was deleted.`,
    mend: 'Run the job again.',
    field: 'content',
  }),
  denied: (what: string, mend: string): Failure => ({ kind: 'denied', what, mend }),
  expired: (what: string): Failure => ({
    kind: 'expired',
    what,
    mend: 'Hand the job over again to be asked anew.',
  }),
  cancelled: (what: string): Failure => ({
    kind: 'cancelled',
    what,
    mend: 'Start it again when you want it.',
  }),
  offline: (what: string): Failure => ({
    kind: 'offline',
    what,
    mend: 'Check the network connection, then try again; jobs on the offline provider need none.',
  }),
  auth: (provider: string): Failure => ({
    kind: 'auth',
    what: `${provider} did not accept the API key.`,
    mend: `Run "Butler: Set API Key" and enter a valid key for ${provider}.`,
  }),
  noKey: (provider: string): Failure => ({
    kind: 'auth',
    what: `There is no API key for ${provider}.`,
    mend: `Run "Butler: Set API Key", or choose the offline provider for this Ability.`,
  }),
  noAccount: (account: string): Failure => ({
    kind: 'auth',
    what: `The account "${account}" is not connected.`,
    mend: 'Connect the account of this target, then try again.',
    field: 'account',
  }),
  wrongAccount: (service: string): Failure => ({
    kind: 'auth',
    what: `${service} did not accept what is kept of the account.`,
    mend: 'Connect the account of this target again, with what is valid now.',
    field: 'account',
  }),
  limited: (provider: string, until?: number): Failure => ({
    kind: 'limited',
    what: `${provider} limits requests for the moment.`,
    mend: 'Wait until the limit ends, then try again.',
    ...(until === undefined ? {} : { until }),
  }),
  overloaded: (provider: string, until?: number): Failure => ({
    kind: 'overloaded',
    what: `${provider} is overloaded or has a fault.`,
    mend: 'Try again in a moment.',
    ...(until === undefined ? {} : { until }),
  }),
  tooLong: (provider: string): Failure => ({
    kind: 'tooLong',
    what: `The conversation is longer than ${provider} accepts.`,
    mend: 'Start a new session, or hand over a smaller piece.',
  }),
  answerTooLong: (provider: string): Failure => ({
    kind: 'tooLong',
    what: `The answer of ${provider} reached its longest before it was whole.`,
    mend: 'Hand over a smaller piece, or choose a model with longer answers.',
    field: 'answer',
  }),
  refused: (provider: string): Failure => ({
    kind: 'refused',
    what: `${provider} refused to answer.`,
    mend: 'Say the job in other words.',
  }),
  cut: (provider: string): Failure => ({
    kind: 'cut',
    what: `The answer of ${provider} broke off.`,
    mend: 'Nothing of it was kept; try again.',
  }),
  malformed: (who: string, what: string): Failure => ({
    kind: 'malformed',
    what: `${who} sent something that cannot be read: ${what}`,
    mend: 'Try again; if it stays, report it with the log.',
  }),
  store: (what: string, mend: string): Failure => ({ kind: 'store', what, mend }),
  tool: (what: string, mend: string): Failure => ({ kind: 'tool', what, mend }),
  workerGone: (): Failure => ({
    kind: 'internal',
    what: 'The butler stopped before it could answer.',
    mend: 'It starts again by itself; look whether it was done, then try again.',
  }),
  internal: (what: string): Failure => ({
    kind: 'internal',
    what: `Something went wrong in the butler itself: ${what}`,
    mend: 'Run "Butler: Collect Diagnostics" and report it.',
  }),
} as const;

/** The JSON-RPC error code under which each kind crosses the wire. */
export const wireCode: Record<FailureKind, number> = {
  invalid: -32602,
  notFound: 4004,
  conflict: 4009,
  denied: 4003,
  expired: 4010,
  cancelled: -32800,
  offline: 5001,
  auth: 4001,
  limited: 4029,
  overloaded: 5029,
  tooLong: 4013,
  refused: 4022,
  cut: 5002,
  malformed: 5003,
  store: 5004,
  tool: 5005,
  internal: -32603,
};

/** Turns the first issue of a schema into a failure that names the field, with `at` before it. */
export function fromIssues(error: z.ZodError, at = ''): Failure {
  const issue = error.issues[0];
  const path = [...(at ? [at] : []), ...(issue?.path.map(String) ?? [])].join('.');
  const field = path || 'message';
  const text = issue?.message ?? 'does not fit';
  return failures.invalid(field, `"${field}": ${text}.`, 'Correct that field and send it again.');
}

function plural(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
