import { type Failure, failures } from '../../../protocol/failure.ts';

type Fault = (provider: string) => Failure;

/** What pi says of a failed request begins with the status, or tells of the connection. */
const faults: readonly (readonly [RegExp, Fault])[] = [
  [/^\s*"?(401|403)\b/, failures.auth],
  [/^\s*"?429\b/, (provider) => failures.limited(provider)],
  [/^\s*"?5\d\d\b/, failures.overloaded],
  [
    /connection error|fetch failed|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/i,
    (provider) => failures.offline(`${provider} could not be reached.`),
  ],
];

/** The longest that pi is quoted, in characters. */
const longestQuote = 300;

/** What stood in the way of an answer, from the words that pi has for it. */
export function faultOf(what: string, provider: string): Failure {
  const fault = faults.find(([pattern]) => pattern.test(what))?.[1];
  if (fault) return fault(provider);
  const quote = what.trim().slice(0, longestQuote) || 'it gives no reason';
  return failures.tool(`pi got no answer from ${provider}: ${quote}`, 'Mend that, then try again.');
}
