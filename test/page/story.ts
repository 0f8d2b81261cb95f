import type { Ability } from '../../server/protocol/ability.ts';
import type { Approval, Preview } from '../../server/protocol/approval.ts';
import type { Deliverable, Publication } from '../../server/protocol/deliverable.ts';
import type { EntryData, EntryType } from '../../server/protocol/entryData.ts';
import type { Entry } from '../../server/protocol/journal.ts';
import type { Part, Usage } from '../../server/protocol/provider.ts';

/** A digest that is well formed and of nothing. */
export const digest = (letter: string) => letter.repeat(64);

/** An Ability as the product ships one. */
export const siteAbility: Ability = {
  id: 'site',
  origin: 'builtin',
  name: 'Site from README',
  description: 'Makes a website of your Markdown files.',
  provider: 'offline',
  model: '',
  deliverable: 'website',
  target: { type: 'local', config: {} },
  prompt: '',
  created: 0,
  updated: 0,
};

/** A second one, with a model that wants a key. */
export const writerAbility: Ability = {
  ...siteAbility,
  id: 'writer',
  name: 'Editor in chief',
  description: 'Reads, mends and writes documents with care.',
  provider: 'anthropic',
  deliverable: 'document',
};

type Data<T extends EntryType> = EntryData<T>;

/** Writes the entries of one session as a worker would, each after the last. */
export class Story {
  readonly session: string;
  readonly entries: Entry[] = [];
  time: number;
  #seq: number;

  constructor(session: string, { seq = 0, time = Date.now() - 120_000 } = {}) {
    this.session = session;
    this.time = time;
    this.#seq = seq;
  }

  /** Appends one entry of any type. */
  add<T extends EntryType>(type: T, job: string | null, data: Data<T>, body?: unknown): Entry {
    this.time += 700;
    const entry = {
      seq: ++this.#seq,
      time: this.time,
      stream: this.session,
      job,
      type,
      actor: 'worker:w1',
      data,
      content: body === undefined ? null : digest('c'),
      ...(body === undefined ? {} : { body }),
      prev: digest('a'),
      hash: digest('b'),
    } as unknown as Entry;
    this.entries.push(entry);
    return entry;
  }

  begin(ability: string): this {
    this.add('session.created', null, { session: this.session, ability, workspace: '/project' });
    return this;
  }

  ask(job: string, text: string, kind: 'task' | 'run' = 'task'): this {
    this.add('job.created', job, { ability: 'site', kind, workspace: '/project' }, { text });
    if (kind === 'task') this.add('job.claimed', job, { worker: 'w1' });
    return this;
  }

  say(job: string, parts: readonly Part[], usage: Usage | null = null, usd: number | null = null): this {
    const stop = parts.some((part) => part.kind === 'call') ? 'calls' : 'end';
    this.add('message.added', job, { provider: 'offline', model: '', stop, usage, usd }, { parts });
    return this;
  }

  /** A whole job of a model: asked, answered, done. */
  answered(job: string, asked: string, answer: string, change: Partial<Data<'job.created'>> = {}): this {
    const data = { ability: 'writer', kind: 'task', workspace: '/project', ...change } as const;
    this.add('job.created', job, data, { text: asked });
    this.add('job.claimed', job, { worker: 'w1' });
    this.say(
      job,
      [{ kind: 'text', text: answer }],
      { input: 2210, output: 96, cacheRead: 0, cacheWrite: 0 },
      0.0081,
    );
    this.add('job.completed', job, {});
    return this;
  }

  /** A job that waits for its turn. */
  queue(job: string, text: string): this {
    this.add('job.created', job, { ability: 'writer', kind: 'task', workspace: '/project' }, { text });
    return this;
  }

  text(job: string, text: string): this {
    return this.say(job, [{ kind: 'text', text }]);
  }

  /** A call that runs and ends. */
  run(job: string, call: string, tool: string, title: string, output = 'Done.', undoable = false): this {
    this.start(job, call, tool, title);
    this.add('execution.finished', job, { execution: `e-${call}`, call, end: 'ok', undoable }, { output });
    return this;
  }

  start(job: string, call: string, tool: string, title: string): this {
    this.add('execution.started', job, {
      execution: `e-${call}`,
      call,
      tool,
      title,
      approval: null,
      rule: 'reads inside the workspace are allowed',
      effects: [],
      digest: digest('d'),
    });
    return this;
  }

  question(job: string, call: string, preview: Preview | null, change: Partial<Approval> = {}): this {
    const now = Date.now();
    const approval: Approval = {
      id: `ask-${call}`,
      job,
      session: this.session,
      call,
      tool: 'publish',
      title: 'Publish 4 files to ./public',
      effects: [],
      digest: digest('e'),
      rule: 'publishing always asks',
      protected: false,
      requested: now,
      expires: now + 5 * 60_000,
      decision: null,
      ...change,
    };
    this.add('approval.requested', job, { approval }, { preview });
    return this;
  }

  deliver(job: string, change: Partial<Deliverable> = {}): this {
    const files = ['index.html', 'guide.html', 'style.css', 'images/plan.png'].map((path, index) => ({
      path,
      digest: digest('f'),
      size: 1200 * (index + 1),
      mime: 'text/html',
    }));
    const deliverable: Deliverable = {
      id: 'd1',
      job,
      session: this.session,
      ability: 'site',
      type: 'website',
      title: 'Project documentation',
      files,
      metadata: {},
      created: this.time,
      published: null,
      ...change,
    };
    this.add('deliverable.saved', job, { deliverable });
    return this;
  }

  publish(job: string): this {
    const publication: Publication = {
      execution: 'e-c9',
      target: 'local',
      location: '/project/public',
      entry: 'index.html',
      time: this.time,
    };
    this.add('deliverable.published', job, { deliverable: 'd1', publication });
    return this;
  }
}
