import assert from 'node:assert/strict';
import type { Ability } from '../../server/protocol/ability.ts';
import { unknownConnection } from '../../server/protocol/connection.ts';
import { noCost } from '../../server/protocol/cost.ts';
import { type Failure, failures } from '../../server/protocol/failure.ts';
import { contract } from '../../server/protocol/index.ts';
import type { Job, JobState } from '../../server/protocol/job.ts';
import type { Entry, JournalFilter } from '../../server/protocol/journal.ts';
import { FromPage, type PageAct, type ToPage } from '../../server/protocol/page.ts';
import type { Process } from '../../server/protocol/process.ts';
import type { ProviderInfo } from '../../server/protocol/provider.ts';
import type { Session } from '../../server/protocol/session.ts';
import { siteAbility, writerAbility } from './story.ts';

type Answer = (params: Record<string, unknown>) => unknown;

/** A failure as an answer. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.what);
    this.failure = failure;
  }
}

/** Plays the extension with a worker behind it: checks what the page says by the contract, and answers from a journal. */
export class Counterpart {
  readonly requests: { method: string; params: Record<string, unknown> }[] = [];
  readonly acts: PageAct[] = [];
  /** The methods of requests that were called off. */
  readonly cancelled: (string | undefined)[] = [];
  entries: Entry[] = [];
  sessions: Session[] = [];
  abilities: Ability[] = [siteAbility, writerAbility];
  providers: ProviderInfo[] = [provider('offline', { kind: 'offline', local: true }), provider('anthropic')];
  /** The commands that run, with what they wrote. */
  processes: { process: Process; output: string }[] = [];
  mode: 'ask' | 'assisted' = 'ask';
  worker: 'starting' | 'ready' | 'stopped' | 'untrusted' = 'ready';
  session: string | undefined;
  mute = false;
  /** What the page is told in, where that is not English. */
  texts: Pick<Extract<ToPage, { kind: 'state' }>, 'strings' | 'sentences'> = { strings: {} };
  readonly answers: Record<string, Answer>;
  readonly #asked = new Map<number, string>();
  readonly #post: (message: ToPage) => Promise<void>;

  constructor(post: (message: ToPage) => Promise<void>) {
    this.#post = post;
    this.answers = { ...this.#defaults() };
  }

  /** Takes one message of the page. */
  async take(raw: unknown): Promise<void> {
    const message = FromPage.parse(raw);
    if (this.mute) return;
    if (message.kind === 'ready') return this.tellState();
    if (message.kind === 'act') {
      this.acts.push(message.act);
      return;
    }
    if (message.kind === 'cancel') {
      this.cancelled.push(this.#asked.get(message.id));
      return;
    }
    this.#asked.set(message.id, message.method);
    await this.#post(await this.#answer(message.id, message.method, message.params));
  }

  async tellState(failure?: Failure): Promise<void> {
    await this.#post({
      kind: 'state',
      worker: this.worker,
      workspaces: ['/project'],
      ...this.texts,
      mode: this.mode,
      ...(this.session ? { session: this.session } : {}),
      ...(failure ? { failure } : {}),
    });
  }

  /** Appends entries as news, as any process on the store might. */
  async append(entries: readonly Entry[]): Promise<void> {
    this.entries.push(...entries);
    await this.#post({ kind: 'news', method: 'butler/journal/appended', params: { entries } });
  }

  async token(job: string, kind: 'text' | 'thinking' | 'tool' | 'restart', text: string): Promise<void> {
    const session = this.entries.find((entry) => entry.job === job)?.stream ?? 's1';
    await this.#post({ kind: 'news', method: 'butler/job/token', params: { job, session, kind, text } });
  }

  async post(message: ToPage): Promise<void> {
    await this.#post(message);
  }

  async #answer(id: number, method: string, raw: unknown): Promise<ToPage> {
    const message = contract.find((one) => one.method === method);
    assert.ok(message?.kind === 'request' && message.page, `${method} is not for pages`);
    const params = message.params.parse(raw) as Record<string, unknown>;
    this.requests.push({ method, params });
    try {
      const result = message.result.parse((await this.answers[method]?.(params)) ?? {});
      return { kind: 'answer', id, result: JSON.parse(JSON.stringify(result)) };
    } catch (error) {
      const failure = error instanceof Refusal ? error.failure : failures.internal(String(error));
      return { kind: 'error', id, failure };
    }
  }

  #defaults(): Record<string, Answer> {
    const change = (params: Record<string, unknown>, next: Partial<Session>) => {
      this.sessions = this.sessions.map((one) => (one.id === params.id ? { ...one, ...next } : one));
      return this.sessions.find((one) => one.id === params.id);
    };
    return {
      'butler/ability/list': () => ({ abilities: this.abilities, problems: [] }),
      'butler/session/list': () => ({ sessions: this.sessions }),
      'butler/session/create': ({ ability }) => {
        const made = session(`new-${this.sessions.length}`, '', { ability: String(ability), state: 'idle' });
        this.sessions = [made, ...this.sessions];
        return made;
      },
      'butler/session/rename': (params) => change(params, { title: String(params.title) }),
      'butler/session/delete': ({ id }) => {
        this.sessions = this.sessions.filter((one) => one.id !== id);
        return {};
      },
      'butler/approval/decide': ({ id, decision }) => this.#decide(String(id), decision === 'deny'),
      'butler/approval/list': () => ({ approvals: [] }),
      'butler/playbook/list': () => ({ playbooks }),
      'butler/provider/list': () => ({ providers: this.providers }),
      'butler/process/list': () => ({ processes: this.processes.map(({ process }) => process) }),
      'butler/process/read': ({ id }) => this.processes.find(({ process }) => process.id === id),
      'butler/process/end': () => ({}),
      'butler/job/list': () => ({ jobs: [] }),
      'butler/publication/list': () => ({ publications: [] }),
      'butler/journal/read': (params) => this.#read(params),
    };
  }

  #decide(id: string, denied: boolean) {
    for (const entry of this.entries) {
      if (entry.type === 'approval.requested' && entry.data.approval.id === id)
        return { ...entry.data.approval, decision: denied ? 'denied' : 'approved' };
    }
    throw new Refusal(failures.notFound('approval', id));
  }

  #read(params: Record<string, unknown>) {
    const { stream, job, types } = params.filter as JournalFilter;
    const { after, before, limit } = params as { after?: number; before?: number; limit: number };
    const all = this.entries.filter(
      (entry) =>
        (stream === undefined || entry.stream === stream) &&
        (job === undefined || entry.job === job) &&
        (types?.includes(entry.type) ?? true),
    );
    if (before !== undefined) {
      const older = all.filter((entry) => entry.seq < before);
      return { entries: older.slice(-limit), more: older.length > limit };
    }
    const newer = all.filter((entry) => entry.seq > (after ?? 0));
    return { entries: newer.slice(0, limit), more: newer.length > limit };
  }
}

/** A session for the list. */
export function session(id: string, title: string, change: Partial<Session> = {}): Session {
  const time = Date.now() - 3_600_000;
  return {
    id,
    ability: 'site',
    workspace: '/project',
    title,
    parent: null,
    state: 'completed',
    created: time,
    updated: time,
    ...change,
  };
}

/** A job of a session. */
export function job(id: string, state: JobState): Job {
  return {
    id: 'j1',
    session: id,
    ability: 'site',
    kind: 'task',
    workspace: '/project',
    title: 'Publish',
    state,
    waiting: 0,
    worker: null,
    failure: null,
    parent: null,
    agent: null,
    offline: false,
    cost: noCost,
    created: 0,
    updated: 0,
  };
}

/** A provider with a key, of which nothing is known. */
export function provider(name: string, change: Partial<ProviderInfo> = {}): ProviderInfo {
  const title = name === 'offline' ? 'Offline' : 'Anthropic';
  return {
    ...{
      name,
      title,
      about: 'Answers.',
      key: 'set',
      models: [],
      kind: 'anthropic',
      local: false,
      ready: true,
    },
    connection: unknownConnection,
    ...change,
  };
}

/** The playbooks that the product ships. */
export const playbooks = [
  { id: 'site', title: 'Publish the docs as a site', command: 'site', about: 'Website from Markdown files.' },
  {
    id: 'notes',
    title: 'Release notes',
    command: 'release-notes',
    about: 'What changed since the last tag.',
  },
  { id: 'todo', title: 'TODO report', command: 'todo', about: 'Every TODO with its place.' },
  { id: 'stats', title: 'Workspace statistics', command: 'stats', about: 'Files and lines by language.' },
];
