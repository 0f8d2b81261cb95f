import { type Failure, failures } from '../../../protocol/failure.ts';
import { type FaultContext, Refusal, said } from '../refusal.ts';
import { retryAfter } from '../retryAfter.ts';
import { faultOf } from '../serviceFaults.ts';

/**
 * Turns whatever was thrown on the way to an answer of Gemini into a failure. The service's errors:
 * https://ai.google.dev/gemini-api/docs/troubleshooting
 */
export function googleFault(error: unknown, context: FaultContext): Failure {
  if (!(error instanceof Refusal)) return faultOf(error, context);
  const [, own] = complaints.find(([fits]) => fits(error)) ?? [];
  return own?.(error, context) ?? faultOf(error, context);
}

type Fault = (refusal: Refusal, context: FaultContext) => Failure;

const denied: Fault = (refusal, { title }) =>
  failures.denied(
    `${title} does not answer requests of this kind from here${said(messageOf(refusal))}.`,
    'Look into the account and its billing, or choose another provider for this Ability.',
  );

/** Refusals that the service says in its own way; every limit's words name the billing too, so limits stand before it. */
const complaints: readonly (readonly [fits: (refusal: Refusal) => boolean, Fault])[] = [
  [
    ({ body }) => /API_KEY_INVALID|API key (not valid|expired)/i.test(body),
    (_, { title }) => failures.auth(title),
  ],
  [({ status, body }) => status === 429 && /\blimit: 0\b/.test(body), denied],
  [
    ({ status }) => status === 429,
    (refusal, { title, now }) => failures.limited(title, retryAfter(refusal, now)),
  ],
  [({ body }) => /location is not supported|billing/i.test(body), denied],
  [
    ({ body }) => /exceeds the maximum number of tokens/i.test(body),
    (_, { title }) => failures.tooLong(title),
  ],
  [({ body }) => /"NOT_FOUND"/.test(body), (_, { model }) => failures.notFound('model', model)],
];

function messageOf({ body }: Refusal): string {
  return /"message"\s*:\s*"([^"]{1,300})/.exec(body)?.[1] ?? '';
}
