import * as z from 'zod';

/** Which side begins: the client (editor, script, page) or the worker. */
export type Direction = 'client' | 'worker';

/** One request of the contract: a method with the shape of its question and of its answer. */
export interface Request<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly kind: 'request';
  readonly method: string;
  readonly from: Direction;
  /** Whether a webview page may send it through the relay. */
  readonly page: boolean;
  /** One sentence for the exported schema. */
  readonly does: string;
  readonly params: P;
  readonly result: R;
}

/** One notification of the contract: a method with the shape of its news. */
export interface Notification<P extends z.ZodType = z.ZodType> {
  readonly kind: 'notification';
  readonly method: string;
  readonly from: Direction;
  /** Whether the relay hands it on to a webview page. */
  readonly page: boolean;
  readonly does: string;
  readonly params: P;
}

export type Message = Request | Notification;
export type ParamsOf<M extends Message> = z.output<M['params']>;
export type ResultOf<M extends Request> = z.output<M['result']>;

/** Declares a request of the contract. */
export function request<P extends z.ZodType, R extends z.ZodType>(
  method: string,
  rest: Omit<Request<P, R>, 'kind' | 'method'>,
): Request<P, R> {
  return { kind: 'request', method, ...rest };
}

/** Declares a notification of the contract. */
export function notification<P extends z.ZodType>(
  method: string,
  rest: Omit<Notification<P>, 'kind' | 'method'>,
): Notification<P> {
  return { kind: 'notification', method, ...rest };
}

/** Parameters or result of a message that carries nothing. */
export const Nothing = z.strictObject({});

/** An identifier made by the worker: short, URL-safe, sortable by time of birth. */
export const Id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'may hold letters, digits, - and _ only');

/** SHA-256 in lower-case hex. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');

/** Milliseconds since 1970-01-01 UTC. */
export const Time = z.int().nonnegative();
