import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import { createJob, type Job } from '../../../server/protocol/job.ts';
import { type Entry, journalAppended } from '../../../server/protocol/journal.ts';
import { setSecret } from '../../../server/protocol/provider.ts';
import { killCount } from '../../support/killCount.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { entriesOf } from '../conversations/story.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { startWire, stream, type Wire } from '../providers/wire.ts';

const isLong = killCount(0) > 0;
const rounds = 20;
const log = { file: 'steps.md', head: 'The steps so far:\n' };
const stepOf = (round: number) => `step ${round}\n`;

/** What a worker does last in a round: it asks for an answer, or appends an entry. */
const moments = ['asked', 'message.added', 'execution.started', 'execution.finished'] as const;
type Moment = (typeof moments)[number];
const played: readonly Moment[] = isLong ? moments : ['execution.started'];

describe(`workers killed in each of the ${rounds} rounds of a job`, function () {
  this.timeout(180_000);
  const open: { close(): Promise<unknown> }[] = [];
  let worker: LspClient;
  afterEach(async () => {
    await kill(worker);
    for (const one of open.splice(0).reverse()) await one.close();
  });

  for (const moment of played) {
    it(`right after ${moment} leave one that goes on there and does no step twice`, async () => {
      const stage = await setStage({ serve: false });
      open.push(stage);
      await writeFile(path.join(stage.workspace, log.file), log.head);
      const ability = await createAbility(stage.butler, { draft: writer }, 'person:test');
      assert.ok(ability.ok);
      const doom = doomAt(moment);
      const wire: Wire = await startWire((response, request) => {
        const round = roundOf(wire.bodies.at(-1) ?? '');
        if (doom.holds(round)) return;
        return stream(a.start(), ...answerOf(round))(response, request);
      });
      open.push(wire);

      worker = await start(stage, wire, doom);
      await worker.send(setSecret, { provider: 'anthropic', value: 'sk-test' });
      const job = await worker.send(createJob, { ability: ability.value.id, text: 'Take the steps' });
      for (let round = 1; round <= rounds; round++) {
        await doom.comes(round);
        await kill(worker);
        doom.passes(round);
        worker = await start(stage, wire, doom);
      }
      assert.equal((await stage.end(job)).state, 'completed');
      await isWhole(stage, job);
    });
  }
});

const writer = AbilityDraft.parse({ name: 'Writer', provider: 'anthropic' });

/** Starts a worker, which takes up what another one left. */
async function start(stage: Stage, wire: Wire, doom: Doom): Promise<LspClient> {
  const client = await startClient({
    home: stage.home,
    workspace: stage.workspace,
    environment: { BUTLER_ANTHROPIC_BASE_URL: wire.url },
    initialization: { trusted: true, mode: 'assisted' },
  });
  client.connection.onNotification(journalAppended.method, ({ entries }: { entries: Entry[] }) => {
    for (const entry of entries) doom.sees(entry);
  });
  return client;
}

async function kill({ process: child }: LspClient): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** When each worker in turn is to die. */
interface Doom {
  /** Told of a request; whether it is left without an answer, so that nothing goes on beyond the moment. */
  holds(round: number): boolean;
  /** Told of an entry of the worker at work. */
  sees(entry: Entry): void;
  /** Resolves when the moment of a round is there. */
  comes(round: number): Promise<void>;
  passes(round: number): void;
}

function doomAt(moment: Moment): Doom {
  let due = 1;
  let seen = 0;
  let there = Promise.withResolvers<void>();
  return {
    holds: (round) => {
      const isAsked = moment === 'asked' && round === due;
      if (isAsked) there.resolve();
      return round <= rounds && (isAsked || round > due);
    },
    sees: ({ type, seq }) => {
      // What the dead did last may be told late, and once more by the next one.
      if (type !== moment || seq <= seen) return;
      seen = seq;
      there.resolve();
    },
    comes: () => there.promise,
    passes: (round) => {
      due = round + 1;
      there = Promise.withResolvers<void>();
    },
  };
}

/** The round that a request asks for, counted from 1: one more than it tells answers of. */
function roundOf(body: string): number {
  const { messages } = JSON.parse(body) as { messages: { role: string }[] };
  return messages.filter(({ role }) => role === 'assistant').length + 1;
}

/** Adds a step to the end of the log, which may be done once only; after the last round it ends. */
function answerOf(round: number): object[] {
  if (round > rounds) return [...a.text(0, 'All steps are taken.'), ...a.end('end_turn')];
  const last = round === 1 ? log.head : stepOf(round - 1);
  const version = createHash('sha256')
    .update(logAfter(round - 1))
    .digest('hex');
  const input = { path: log.file, version, old: last, new: `${last}${stepOf(round)}` };
  return [...a.call(0, `toolu_${round}`, 'edit_file', JSON.stringify(input)), ...a.end('tool_use')];
}

function logAfter(round: number): string {
  return log.head + Array.from({ length: round }, (_, index) => stepOf(index + 1)).join('');
}

/** Each step was taken once, in its order, and each worker took up what the one before it left. */
async function isWhole(stage: Stage, job: Job): Promise<void> {
  const { store } = stage.butler;
  assert.equal(await readFile(path.join(stage.workspace, log.file), 'utf8'), logAfter(rounds));
  const entries = await entriesOf(store, job);
  const types = entries.map(({ type }) => type);
  assert.equal(types.filter((type) => type === 'job.recovered').length, rounds);
  const round = ['message.added', 'execution.started', 'execution.finished'];
  assert.deepEqual(
    types.filter((type) => type !== 'job.recovered'),
    [
      'job.created',
      'job.claimed',
      ...Array.from({ length: rounds }, () => round).flat(),
      'message.added',
      'job.completed',
    ],
  );
  for (const entry of entries) if (entry.type === 'execution.finished') assert.equal(entry.data.end, 'ok');
  assert.equal((await store.verify()).state, 'clean');
}
