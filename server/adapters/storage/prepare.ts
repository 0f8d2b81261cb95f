import type { Database, Statement } from 'better-sqlite3';
import { type CompiledQuery, createQueryId, type RootOperationNode, SqliteQueryCompiler } from 'kysely';

/** What a column may be bound to. */
export type Value = string | number | null | Uint8Array;

/** A query that was compiled once; each call binds its arguments by name. */
export interface Prepared<A, R> {
  /** Runs it and answers how many rows changed. */
  run(args: A): number;
  get(args: A): R | undefined;
  all(args: A): R[];
}

/** A query as it is built, with the type of its rows. */
interface Buildable<R> {
  toOperationNode(): RootOperationNode;
  compile(): CompiledQuery<R>;
}

/** Everything that can be asked of one connection. */
export interface Queries {
  /**
   * Compiles a query for many calls. `sample` names its arguments and gives their types; `build` uses them in
   * place of values. Any other value that it uses is a part of its text.
   */
  prepare<A extends Record<string, Value>, R>(sample: A, build: (args: A) => Buildable<R>): Prepared<A, R>;
  /** Runs a query that is built anew for each call; its statement is kept by its text. */
  all<R>(query: { compile(): CompiledQuery<R> }): R[];
}

/** Prepares queries on a connection, each at its first use, so that opening costs nothing. */
export function queriesOn(database: Database): Queries {
  const kept = new Map<string, Statement<unknown[], unknown>>();
  const statement = (text: string) => {
    const known = kept.get(text);
    if (known) return known;
    const fresh = database.prepare<unknown[], unknown>(text);
    if (kept.size >= longestKept) kept.clear();
    kept.set(text, fresh);
    return fresh;
  };
  return {
    prepare: (sample, build) => prepareOn(database, sample, build),
    all: <R>(query: { compile(): CompiledQuery<R> }) => {
      const { sql, parameters } = query.compile();
      return statement(sql).all(...parameters) as R[];
    },
  };
}

const longestKept = 200;

/** Stands for an argument while a query is compiled. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Writes what is no argument into the text: a constant that is bound again with each call is planned for again with each
 * call, where an index has a condition or the number of rows a limit.
 */
class ConstantsInText extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Placeholder) super.appendValue(value);
    else this.appendImmediateValue(value);
  }
}

function prepareOn<A extends Record<string, Value>, R>(
  database: Database,
  sample: A,
  build: (args: A) => Buildable<R>,
): Prepared<A, R> {
  let ready: { statement: Statement<unknown[], unknown>; parameters: readonly Placeholder[] } | null = null;
  const compile = () => {
    const names = Object.keys(sample).map((name) => [name, new Placeholder(name)]);
    const query = build(Object.fromEntries(names) as A).toOperationNode();
    const { sql, parameters } = new ConstantsInText().compileQuery(query, createQueryId());
    ready = {
      statement: database.prepare<unknown[], unknown>(sql),
      parameters: parameters.filter((value) => value instanceof Placeholder),
    };
    return ready;
  };
  const bound = (args: A, parameters: readonly Placeholder[]) => parameters.map(({ name }) => args[name]);
  return {
    run(args) {
      const { statement, parameters } = ready ?? compile();
      return statement.run(...bound(args, parameters)).changes;
    },
    get(args) {
      const { statement, parameters } = ready ?? compile();
      return statement.get(...bound(args, parameters)) as R | undefined;
    },
    all(args) {
      const { statement, parameters } = ready ?? compile();
      return statement.all(...bound(args, parameters)) as R[];
    },
  };
}
