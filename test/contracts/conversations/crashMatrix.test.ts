import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Entry } from '../../../server/protocol/journal.ts';
import { told } from '../../support/golden.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { atHome, program } from '../../support/terminal.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { startWire, stream, type Wire } from '../providers/wire.ts';
import { approving } from './model.ts';

/** Every entry of a run at which its worker may die, by type and by which of that type. */
const moments = [
  ['job.claimed', 1],
  ['message.added', 1],
  ['execution.started', 1],
  ['execution.finished', 1],
  ['message.added', 2],
  ['approval.requested', 1],
  ['approval.decided', 1],
  ['execution.started', 2],
  ['execution.finished', 2],
  ['message.added', 3],
] as const satisfies readonly (readonly [Entry['type'], number])[];
type Moment = (typeof moments)[number];

interface Play {
  readonly name: string;
  readonly ability: string;
  readonly text: string;
  /** Where the effects are, relative to the workspace. */
  readonly folder: string;
}

const plays: readonly Play[] = [
  { name: 'the main job', ability: 'site-from-readme', text: 'Publish the docs as a site', folder: 'public' },
  { name: 'a model that reads and writes', ability: 'writer', text: 'Write a page', folder: 'docs/new' },
];

describe('a worker killed at each entry', function () {
  this.timeout(120_000);
  for (const play of plays) {
    describe(`of ${play.name}`, () => {
      let stage: Stage;
      let kills = 0;
      let whole: Awaited<ReturnType<typeof outcome>>;
      const open: { close(): Promise<void> }[] = [];
      const begin = async () => {
        const wire: Wire = await startWire((response, request) => {
          const { messages } = JSON.parse(wire.bodies.at(-1) ?? '') as { messages: unknown[] };
          return stream(a.start(), ...modelFor(messages))(response, request);
        });
        const one = await setStage({ serve: false, ...modelAt(wire.url) });
        open.push(one, wire);
        const draft = AbilityDraft.parse({ name: 'Writer', provider: 'anthropic' });
        assert.ok((await createAbility(one.butler, { draft }, 'person:test')).ok);
        return { stage: one, url: wire.url };
      };
      afterEach(async () => {
        for (const one of open.splice(0)) await one.close();
      });

      before(async () => {
        const set = await begin();
        assert.equal(await perform(set, play, null), false);
        whole = await outcome(set.stage, play);
        for (const one of open.splice(0)) await one.close();
      });

      after(() =>
        assert.ok(kills > moments.length / 2, 'a worker near its end may be gone before it is killed'),
      );

      for (const moment of moments) {
        it(`ends alike after ${moment.join(' ')}`, async () => {
          const set = await begin();
          stage = set.stage;
          const killed = await perform(set, play, moment);
          stage.butler.serve();
          const [job] = await stage.butler.store.jobs({ limit: 2 });
          assert.ok(job);
          await approving(stage, job);
          const now = await outcome(stage, play);
          assert.deepEqual(now, whole);
          kills += killed ? 1 : 0;
        });
      }
    });
  }
});

/** Runs the job in a process of its own, killed as soon as it tells of the moment; answers whether it was. */
async function perform(
  { stage, url }: { stage: Stage; url: string },
  { ability, text }: Play,
  moment: Moment | null,
): Promise<boolean> {
  const args = [program, '--workspace', stage.workspace, '--json', 'run', '--yes', ability, text];
  const child = spawn(process.execPath, args, {
    env: {
      ...atHome(stage),
      BUTLER_ANTHROPIC_BASE_URL: url,
      ...modelAt(url).environment,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  let left: number = moment?.[1] ?? 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const { type } = JSON.parse(line) as { type?: string };
    if (type === moment?.[0] && --left === 0) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  return signal === 'SIGKILL';
}

/** What a run came to: the story without its crash, what stands in the world, and whether the record holds. */
async function outcome(stage: Stage, { folder }: Play) {
  const { store } = stage.butler;
  const [job] = await store.jobs({ limit: 2 });
  const transcript = await stage.transcript(job?.session ?? '');
  const turns = transcript.turns.filter((turn) => turn.kind !== 'recovered');
  const { entries } = await store.entries({ filter: { job: job?.id ?? '' }, after: 0, limit: 500 });
  const before = await store.executions(job?.id ?? '');
  await store.rebuild();
  assert.deepEqual(await store.executions(job?.id ?? ''), before);
  return {
    state: job?.state,
    told: told({ ...transcript, turns }, stage.workspace),
    types: entries.map(({ type }) => type).filter((type) => type !== 'job.recovered'),
    files: await contents(path.join(stage.workspace, folder)),
    litter: (await readdir(stage.workspace)).filter((name) => name.startsWith('.butler-')),
    journal: (await store.verify()).state,
  };
}

async function contents(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  const read = files
    .map((one) => path.join(one.parentPath, one.name))
    .filter((file) => path.basename(file) !== '.butler-publish.json')
    .map(async (file) => [path.relative(folder, file), await readFile(file, 'base64')] as const);
  return Object.fromEntries((await Promise.all(read)).toSorted(([x], [y]) => (x < y ? -1 : 1)));
}

function modelAt(url: string) {
  return { anthropicBaseUrl: url, environment: { ANTHROPIC_API_KEY: 'k'.repeat(24) } };
}

/** Says the same to the same messages, however often it is asked: read, write, done. */
function modelFor(messages: readonly unknown[]): (string | object)[] {
  const call = (tool: string, input: object) => [
    ...a.call(0, `toolu_${messages.length}`, tool, JSON.stringify(input)),
    ...a.end('tool_use'),
  ];
  if (messages.length === 1) return call('read_file', { path: 'docs/questions.md', lines: 3 });
  if (messages.length === 3) return call('write_file', { path: 'docs/new/page.md', content: '# A page\n' });
  return [...a.text(0, 'The page is written.'), ...a.end('end_turn')];
}
