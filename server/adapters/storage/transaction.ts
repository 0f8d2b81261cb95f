import type { Database } from 'better-sqlite3';
import { bad, type Outcome } from '../../protocol/failure.ts';
import { faultOf } from './fault.ts';

/** Runs work that writes in one IMMEDIATE transaction, and takes everything back unless it ends well. */
export type Transact = <T>(work: () => Outcome<T>) => Outcome<T>;

/** Transactions on one connection; faults of the disk become failures, bugs are thrown on. */
export function transactionsOn(database: Database): Transact {
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const rollback = database.prepare('rollback');
  return (work) => {
    try {
      begin.run();
      const outcome = work();
      (outcome.ok ? commit : rollback).run();
      return outcome;
    } catch (error) {
      if (database.inTransaction) rollback.run();
      const fault = faultOf(error);
      if (!fault) throw error;
      return bad(fault);
    }
  };
}
