import { type Failure, failures } from '../../protocol/failure.ts';
import { type FaultContext, noHeader, faultOf as refusalFault, said } from './refusal.ts';
import { retryAfter } from './retryAfter.ts';

/** Thrown where a service says an error of its own within an answer, after the status was sent. */
export class SaidWithin extends Error {
  readonly body: unknown;
  constructor(body: unknown) {
    super('an error within an answer');
    this.body = body;
  }
  /** The same with other words. */
  withWords(change: (words: string) => string): SaidWithin {
    const changed = (_name: string, value: unknown) => (typeof value === 'string' ? change(value) : value);
    return new SaidWithin(JSON.parse(JSON.stringify(this.body ?? null), changed));
  }
}

/**
 * Turns whatever was thrown on the way to an answer into a failure of the catalogue, for services that say
 * their errors as Anthropic and OpenAI do: https://platform.claude.com/docs/en/api/errors,
 * https://platform.openai.com/docs/guides/error-codes, https://console.groq.com/docs/errors
 */
export function faultOf(error: unknown, context: FaultContext): Failure {
  if (error instanceof SaidWithin) {
    const until = retryAfter({ header: noHeader, body: JSON.stringify(error.body ?? null) }, context.now);
    return faultFor({ ...complaintIn(error.body), until }, context);
  }
  return refusalFault(error, context, {
    refused: (refusal) =>
      faultFor(
        {
          ...complaintIn(parsed(refusal.body)),
          status: refusal.status,
          until: retryAfter(refusal, context.now),
        },
        context,
      ),
    unreachable: (reason) => failures.offline(`${context.title} cannot be reached (${reason}).`),
  });
}

/** What a service complains of. */
interface Complaint {
  readonly message: string;
  /** The service's names for it, the particular one first. */
  readonly names: readonly string[];
  /** The HTTP status; absent where the error came within an answer. */
  readonly status?: number | undefined;
  /** When a limit, or too much to do, ends. */
  readonly until?: number | undefined;
}

type Fault = (complaint: Complaint, context: FaultContext) => Failure;

const auth: Fault = (_complaint, { title }) => failures.auth(title);
const overloaded: Fault = ({ until }, { title }) => failures.overloaded(title, until);
const tooLong: Fault = (_complaint, { title }) => failures.tooLong(title);
const refused: Fault = (_complaint, { title }) => failures.refused(title);
/** A request that is larger than all that a minute allows is not let through by waiting. */
const limited: Fault = ({ message, until }, { title }) =>
  /request too large/i.test(message) ? failures.tooLong(title) : failures.limited(title, until);
const noModel: Fault = (_complaint, { model }) => failures.notFound('model', model);
const badCall: Fault = (_complaint, { title }) =>
  failures.malformed(title, 'a tool call that its service could not read.');

const denied: Fault = ({ message }, { title, model }) =>
  failures.denied(
    `${title} does not let this API key use "${model}"${said(message)}.`,
    'Choose another model for this Ability, or set a key with the right to use it.',
  );

const noCredit: Fault = ({ message }, { title }) =>
  failures.denied(
    `There is no credit left at ${title}${said(message)}.`,
    `Add credit to the account at ${title}, or choose another provider for this Ability.`,
  );

const misplaced: Fault = (_complaint, { title }) =>
  failures.invalid(
    'baseUrl',
    `There is no ${title} service at the address that is set.`,
    'Correct the address of this provider; many end with "/v1".',
  );

/** A router of many services has no endpoint for a model that it does not know, or for what is asked of it. */
const absent: Fault = (complaint, context) => {
  const { names, message } = complaint;
  if (names.includes('not_found_error') || /\bmodel\b|no endpoints found for\b/i.test(message))
    return noModel(complaint, context);
  return (/no endpoints found/i.test(message) ? unacceptable : misplaced)(complaint, context);
};

const rejected: Fault = ({ message }, { title }) =>
  failures.invalid(
    'provider',
    `${title} did not accept the request${said(message)}.`,
    'Choose another model for this Ability, or start a new session.',
  );

const unacceptable: Fault = (complaint, context) => {
  const [, worded = rejected] = byWords.find(([words]) => words.test(complaint.message)) ?? [];
  return worded(complaint, context);
};

/** What services say in nothing but words, under the name of a request that they do not accept. */
const byWords: readonly (readonly [RegExp, Fault])[] = [
  [/max_(completion_)?tokens\W+must be/i, rejected],
  [/(prompt|request|input|message).{0,20}too (long|large)|context.{0,5}(window|limit|length|size)/i, tooLong],
  [/(maximum|range of) (allowed )?(prompt|input|model) length|reduce the length of the messages/i, tooLong],
  [/exceed.{0,20}token limit|token count.{0,20}exceed/i, tooLong],
  [/(incorrect|invalid) api key|api key not valid/i, auth],
  [/credit balance is too low|reached your specified api usage limits/i, noCredit],
];

/** What a service calls by a name of its own, whatever its status. */
const byName: Readonly<Record<string, Fault>> = {
  invalid_api_key: auth,
  insufficient_quota: noCredit,
  billing_error: noCredit,
  billing_not_active: noCredit,
  billing_hard_limit_reached: noCredit,
  contract_spend_limit_reached: noCredit,
  enforced_spend_limit_reached: noCredit,
  context_length_exceeded: tooLong,
  content_filter: refused,
  content_policy_violation: refused,
  invalid_model: noModel,
  model_not_found: noModel,
  model_decommissioned: noModel,
  tool_use_failed: badCall,
};

const byStatus: Readonly<Record<number, Fault>> = {
  400: unacceptable,
  401: auth,
  402: noCredit,
  403: denied,
  404: absent,
  405: misplaced,
  413: tooLong,
  422: unacceptable,
  429: limited,
};

/** For errors that come within an answer, which have no status. */
const byGeneralName: Readonly<Record<string, Fault>> = {
  invalid_request_error: unacceptable,
  authentication_error: auth,
  permission_error: denied,
  not_found_error: noModel,
  request_too_large: tooLong,
  rate_limit_error: limited,
  rate_limit_exceeded: limited,
};

function faultFor(complaint: Complaint, context: FaultContext): Failure {
  const { names, status } = complaint;
  const named = (table: Readonly<Record<string, Fault>>) =>
    table[names.find((name) => Object.hasOwn(table, name)) ?? ''];
  const general = status === undefined ? named(byGeneralName) : statusFault(status);
  return (named(byName) ?? general ?? overloaded)(complaint, context);
}

/** Redirections are not followed, because a key must not go where nobody sent it. */
function statusFault(status: number): Fault | undefined {
  return byStatus[status] ?? (status < 400 ? misplaced : undefined);
}

/** Reads an error in any of the shapes that these services give it; Gemini, in OpenAI's form, puts it into a list. */
function complaintIn(body: unknown): Complaint {
  const outer = fieldsOf(Array.isArray(body) ? body[0] : body);
  const inner = fieldsOf(outer.error);
  const detail = fieldsOf(Array.isArray(outer.detail) ? outer.detail[0] : null);
  const messages = [inner.message, outer.error, outer.message, outer.detail, detail.msg];
  const code = inner.code ?? outer.code;
  return {
    message: messages.find(isWord)?.slice(0, longestMessage) ?? '',
    names: [fieldsOf(inner.details).error_code, code, inner.type ?? outer.type].filter(isWord),
    ...(typeof code === 'number' && code >= 400 ? { status: code } : {}),
  };
}

const longestMessage = 300;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
