import * as z from 'zod';
import { Failure } from './failure.ts';
import { Time } from './message.ts';

/** How a provider could be reached last: one fold of the journal that every surface shows (SPEC C12). */
export const Connection = z.strictObject({
  /** `unknown`: never asked; `limited`: until a time; `login`: its key is missing or was not accepted. */
  state: z.enum(['unknown', 'online', 'offline', 'limited', 'overloaded', 'login']),
  /** When it may be asked again, in ms since 1970. */
  until: Time.optional(),
  failure: Failure.optional(),
  /** Since when it is so; 0 where it was never asked. */
  since: Time,
});
export type Connection = z.infer<typeof Connection>;

/** A provider that was never asked. */
export const unknownConnection: Connection = { state: 'unknown', since: 0 };

/** What holds of a connection by now: a limit or an overload whose time is over says nothing any more. */
export function connectionAsOf(connection: Connection, now: number): Connection {
  const { state, until } = connection;
  const passes = state === 'limited' || state === 'overloaded';
  return passes && until !== undefined && until <= now ? { state: 'unknown', since: until } : connection;
}
