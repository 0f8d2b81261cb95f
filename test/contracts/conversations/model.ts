import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { EntryType } from '../../../server/protocol/entryData.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { matchesGolden, told } from '../../support/golden.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { type Reply, refuse, startWire, stream } from '../providers/wire.ts';

/** One tool call as a model makes it. */
export type Wish = readonly [tool: string, input: Record<string, unknown>];

/** What was sent to the model, as far as a scripted answer looks at it. */
export interface Asked {
  readonly messages: readonly unknown[];
  /** The version of the file that a tool result named last. */
  version(): string;
  /** The id that a tool result gave to a deliverable. */
  deliverable(): string;
}

/** One answer of the script, made when it is asked for. */
export type Line = (asked: Asked) => Reply;

/** A stage on which an Ability talks to a scripted model over the real wire. */
export interface ModelStage extends Stage {
  readonly ability: string;
  /** The bodies of the requests so far. */
  readonly requests: readonly { messages: unknown[]; tools: { name: string }[]; model: string }[];
  /** Resolves when a request's connection was closed from this side before its answer was whole. */
  readonly dropped: Promise<void>;
  /** Resolves when an entry of that type was appended for the job. */
  saw(job: Job, type: EntryType): Promise<void>;
  /** Resolves when the first piece of an answer to the job came in. */
  streamed(job: Job): Promise<void>;
  read(file: string): Promise<string>;
  /** Compares a session's transcript with its golden file, and checks that requests only grew at their end. */
  tells(name: string, session: string): Promise<void>;
}

/** Text and nothing else: the end of a job. */
export const says =
  (text: string): Line =>
  () =>
    stream(a.start(), ...a.text(0, text), ...a.end('end_turn'));

/** Tool calls in one message. */
export const calls = (...wishes: readonly Wish[]): Line => does(() => wishes);

/** Tool calls that follow from what was asked. */
export const does =
  (make: (asked: Asked) => readonly Wish[]): Line =>
  (asked) => {
    const blocks = make(asked).flatMap(([tool, input], index) =>
      a.call(index, `toolu_${asked.messages.length}_${index}`, tool, JSON.stringify(input)),
    );
    return stream(a.start(), ...blocks, ...a.end('tool_use'));
  };

/** An answer of the service as it is. */
export const replies =
  (reply: Reply): Line =>
  () =>
    reply;

/** Sets the stage with a script, one line for each request; what comes after its end is refused. */
export async function setModelStage(
  script: readonly Line[],
  options: Parameters<typeof setStage>[0] & { draft?: Partial<AbilityDraft> } = {},
): Promise<ModelStage> {
  const bodies: string[] = [];
  const lines = [...script, replies(refuse(400, 'invalid_request_error', 'the script is over'))];
  const replyTo = (line: Line): Reply => {
    return (response, request) => {
      const body = wire.bodies.at(-1) ?? '';
      bodies.push(body);
      return line(askedOf(body))(response, request);
    };
  };
  const [first = replyTo(says('')), ...rest] = lines.map(replyTo);
  const wire = await startWire(first, ...rest);
  const heard = new EventEmitter();
  const stage = await setStage({
    anthropicBaseUrl: wire.url,
    emit: ({ kind, job }) => void heard.emit(`${kind} ${job.id}`),
    environment: { ANTHROPIC_API_KEY: 'k'.repeat(24) },
    ...options,
  });
  const draft = AbilityDraft.parse({ name: 'Writer', provider: 'anthropic', ...options.draft });
  const ability = await createAbility(stage.butler, { draft }, 'person:test');
  if (!ability.ok) throw new Error(ability.failure.what);
  const requests = () => bodies.map((body) => JSON.parse(body) as ModelStage['requests'][number]);
  return {
    ...stage,
    ability: ability.value.id,
    get requests() {
      return requests();
    },
    dropped: wire.dropped,
    saw: async (job, type) => {
      await until(stage.butler, async () => {
        const { entries } = await stage.butler.store.entries({
          filter: { job: job.id, types: [type] },
          after: 0,
          limit: 1,
        });
        return entries[0] ?? null;
      });
    },
    streamed: async (job) => void (await once(heard, `token ${job.id}`)),
    read: (file) => readFile(path.join(stage.workspace, file), 'utf8'),
    tells: async (name, session) => {
      await matchesGolden(name, told(await stage.transcript(session), stage.workspace));
      growOnly(requests().map(({ messages }) => messages));
    },
    close: async () => {
      await stage.close();
      await wire.close();
    },
  };
}

/** Hands a job over, answers every question alike, and resolves with its end. */
export async function approving(stage: Stage, job: Job): Promise<Job> {
  const ended = stage.end(job);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const question = await Promise.race([stage.question(job), ended.then(() => null)]);
    if (question) await stage.decide(question, 'approve');
  }
  return ended;
}

/** Resolves with a job's end, and passes over every pause on the way: the clock moves on by `step` ms at a time. */
export async function hurrying(stage: Stage, job: Job, step = 1): Promise<Job> {
  const ended = stage.end(job);
  for (;;) {
    const end = await Promise.race([ended, setTimeout(20, null)]);
    if (end) return end;
    stage.wait(step);
  }
}

/** Each request begins with all that the one before it said. */
export function growOnly(all: readonly (readonly unknown[])[]): void {
  for (const [index, messages] of all.slice(0, -1).entries()) {
    assert.deepEqual(all[index + 1]?.slice(0, messages.length), messages, `request ${index + 2}`);
  }
}

/** What a scripted answer may look at of a request. */
export function askedOf(body: string): Asked {
  const { messages } = JSON.parse(body) as { messages: unknown[] };
  const last = (pattern: RegExp) => [...JSON.stringify(messages).matchAll(pattern)].at(-1)?.[1] ?? '';
  return {
    messages,
    version: () => last(/version (?:is now )?([0-9a-f]{64})/g),
    deliverable: () => last(/\\"deliverable\\":\\"([\w-]+)\\"/g),
  };
}
