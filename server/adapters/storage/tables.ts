import {
  DummyDriver,
  type Generated,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** The columns of every table, as they stand in a row. */
export interface Tables {
  journal: {
    seq: number;
    time: number;
    stream: string;
    job: string | null;
    type: string;
    actor: string;
    /** JSON text, exactly as it was hashed. */
    data: string;
    content: string | null;
    prev: string;
    hash: string;
  };
  /** What an entry's `content` is the digest of: canonical JSON, deletable while the chain stays. */
  contents: { seq: number; body: string };
  /** Large ones lie in `blobParts`, under a number of their own; their `bytes` are empty. */
  blobs: { digest: string; bytes: Uint8Array; parts: number | null; size: number | null };
  /** The bytes of large blobs, piece by piece; `blob` is the number of the one that they are of. */
  blobParts: { blob: number; part: number; bytes: Uint8Array };
  /** Large blobs that are being kept at this moment, whose keeping was cut off, or whose parts are to go. */
  blobArrivals: { blob: Generated<number>; begun: number };
  abilities: { seq: number; id: string; data: string };
  sessions: {
    seq: number;
    id: string;
    ability: string;
    workspace: string;
    created: number;
    updated: number;
    /** The entry whose content holds the title; no personal text lies in a projection. */
    titled: number | null;
    /** The entry that created the newest job, whose state is the session's. */
    newest: number | null;
    parent: string | null;
  };
  jobs: {
    seq: number;
    id: string;
    session: string;
    ability: string;
    kind: string;
    workspace: string;
    state: string;
    worker: string | null;
    failure: string | null;
    created: number;
    updated: number;
    parent: string | null;
    agent: string | null;
    offline: number;
    /** The last entry in which a person said something to it, and the last one that a request told. */
    steered: number;
    heard: number;
  };
  /** What each job spent in each quarter of an hour; midnight is the end of one in every time zone. */
  spending: {
    job: string;
    /** Quarters of an hour since 1970. */
    quarter: number;
    tokens: number;
    usd: number;
    unpriced: number;
    rounds: number;
  };
  approvals: {
    seq: number;
    id: string;
    job: string;
    digest: string;
    expires: number;
    data: string;
    decision: string | null;
    /** The one execution that used it. */
    execution: string | null;
  };
  executions: {
    seq: number;
    id: string;
    job: string;
    session: string;
    call: string;
    tool: string;
    title: string;
    state: string;
    undoable: number;
    /** The entry that ended it, whose content holds what `undo` wants. */
    finished: number | null;
  };
  deliverables: {
    seq: number;
    id: string;
    job: string;
    session: string;
    ability: string;
    type: string;
    title: string;
    created: number;
    /** How many, and how large they are together. */
    files: number;
    bytes: number;
    /** The large part, last in its row, so that lists need not read over it. */
    data: string;
  };
  /** What was published, by the execution that did it. */
  publications: {
    seq: number;
    /** The execution. */
    id: string;
    deliverable: string;
    session: string;
    ability: string;
    target: string;
    data: string;
    undone: number | null;
  };
  /** What a person set up of providers. */
  providers: { seq: number; id: string; data: string };
  /** How each provider could be reached last. */
  connections: { seq: number; id: string; data: string };
  /** One row once a person set something. */
  settings: { id: number; data: string };
  /** Small things that a person settled. */
  kept: { kind: string; key: string; data: string };
  /** One row once a person used the panic switch. */
  admin: { id: number; paused: number };
  /** Who works on what until when; truth of the moment, not folded from the journal. */
  leases: { job: string; worker: string; until: number };
}

/** The tables that are folded from the journal and can be dropped and folded anew. */
export const projectionTables = [
  'abilities',
  'sessions',
  'jobs',
  'spending',
  'approvals',
  'executions',
  'deliverables',
  'publications',
  'providers',
  'connections',
  'settings',
  'kept',
  'admin',
] as const satisfies readonly (keyof Tables)[];

/** Builds typed queries for SQLite; it only compiles, the connection is elsewhere. */
export const sqlite = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
