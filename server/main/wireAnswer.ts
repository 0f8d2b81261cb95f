import { ResponseError } from 'vscode-languageserver/node';
import { type Failure, type Outcome, wireCode } from '../protocol/failure.ts';

/** The value of an outcome; a failure is thrown as the error that the wire carries. */
export function resultOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw wireError(outcome.failure);
}

/** A failure as an error of the wire. */
export function wireError(failure: Failure): ResponseError<Failure> {
  return new ResponseError(wireCode[failure.kind], failure.what, failure);
}
