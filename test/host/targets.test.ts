import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { commands } from 'vscode';
import { openingFor } from '../../extension/openPublication.ts';
import type { Parts } from '../../extension/parts.ts';
import type { Opening } from '../../extension/publicationOpening.ts';
import { type Ability, deleteAbility } from '../../server/protocol/ability.ts';
import { decideApproval } from '../../server/protocol/approval.ts';
import { listPublications } from '../../server/protocol/deliverable.ts';
import { createJob, type Job, undoJob } from '../../server/protocol/job.ts';
import { readJournal } from '../../server/protocol/journal.ts';
import { connectTarget } from '../../server/protocol/target.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';
import { accepted } from './press.ts';
import type { TargetPlaces } from './targetServers.ts';

/** A place to publish to, as a person would set it up, and what stands there. */
interface Place {
  readonly target: string;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly credentials: Readonly<Record<string, string>>;
  /** What can be found there that a publication made. */
  stands(): Promise<readonly string[]>;
  /** Looks at how it is opened. */
  opens(opening: Opening): Promise<void>;
}

describe('an Ability of the wizard that publishes far away', function () {
  this.timeout(60_000);
  const places = JSON.parse(process.env.BUTLER_TEST_PLACES ?? '{}') as TargetPlaces;

  for (const place of [github(places), s3(places), sftp(places)]) {
    it(`asks with a preview, publishes to ${place.target} once approved, and takes it back`, async () => {
      const parts = await activeParts();
      const { type, config } = { type: place.target, config: place.config };
      valueIn(await parts.worker.send(connectTarget, { type, config, values: place.credentials }));
      const ability = await newAbility(place);
      const before = await place.stands();
      const job = await published(parts, ability);
      assert.equal(job.state, 'completed', JSON.stringify(job.failure));
      const there = await place.stands();
      assert.ok(there.length > before.length, `${JSON.stringify(there)} after ${JSON.stringify(before)}`);
      const history = valueIn(
        await parts.worker.send(listPublications, { ability: ability.id }),
      ).publications;
      assert.deepEqual(
        history.map(({ publication, undone }) => [publication.target, undone]),
        [[place.target, null]],
      );
      const [record] = history;
      assert.ok(record);
      await place.opens(valueIn(await openingFor(parts.worker, record)));
      const report = valueIn(await parts.worker.send(undoJob, { id: job.id }));
      assert.deepEqual(report.conflicts, []);
      assert.deepEqual(await place.stands(), before);
      valueIn(await parts.worker.send(deleteAbility, { id: ability.id }));
    });
  }
});

/** Goes through the wizard with its answers given beforehand, as from a link or a keybinding. */
async function newAbility({ target, config }: Place): Promise<Ability> {
  const fields = Object.entries(config).map(
    ([name, value]) => [`target.${target}.${name}`, String(value)] as const,
  );
  const given = {
    name: `Site to ${target}`,
    deliverable: 'website',
    provider: 'offline',
    target,
    targetMore: 'yes',
    ...Object.fromEntries(fields),
    place: 'user',
  };
  const made = await accepted(commands.executeCommand<Ability | undefined>('butler.ability.new', given));
  assert.ok(made);
  return made;
}

/** Hands over the job and approves what it asks as the page does, which shows all of it; the job as it ended. */
async function published({ worker, board }: Parts, { id }: Ability): Promise<Job> {
  const job = valueIn(await worker.send(createJob, { ability: id, text: '/site', workspace: folder() }));
  const ended = () =>
    board.going.jobs.find((one) => one.id === job.id && /completed|failed|aborted/.test(one.state));
  const asked = () => board.going.asked.find(({ approval }) => approval.job === job.id);
  await until(board.onChange, () => ended() !== undefined || asked() !== undefined);
  const question = asked();
  assert.ok(question, `The job asked nothing: ${JSON.stringify(await toldIn(worker, job))}`);
  assert.ok(question.preview?.kind === 'files' && question.preview.files.length > 1);
  const { id: approval, digest } = question.approval;
  valueIn(await worker.send(decideApproval, { id: approval, digest, decision: 'approve' }));
  await until(board.onChange, () => ended() !== undefined);
  return ended() ?? job;
}

/** What the tools of a job said. */
async function toldIn(worker: Parts['worker'], { session }: Job): Promise<unknown[]> {
  const filter = { stream: session };
  const { entries } = valueIn(await worker.send(readJournal, { filter, limit: 100 }));
  return entries.flatMap(({ type, body }) => (/finished|refused/.test(type) ? [body] : []));
}

/** Open pull requests. */
function github({ github: { url, token } }: TargetPlaces): Place {
  const headers = { authorization: `Bearer ${token}` };
  return {
    target: 'github',
    config: { repository: 'octo/site', api: url },
    credentials: { token },
    stands: async () => {
      const response = await fetch(`${url}/repos/octo/site/pulls?state=open`, { headers });
      const pulls = (await response.json()) as readonly { title: string }[];
      return pulls.map(({ title }) => title);
    },
    opens: async (opening) => {
      assert.ok(opening.kind === 'browser' && /\/pull\/\d+$/.test(opening.address), JSON.stringify(opening));
    },
  };
}

function s3({ s3: { endpoint, directory, key } }: TargetPlaces): Place {
  return {
    target: 's3',
    config: { bucket: 'site', prefix: 'docs', region: 'us-east-1', endpoint, pathStyle: true },
    credentials: key,
    stands: () => filesIn(path.join(directory, 'site')),
    opens: async (opening) => {
      assert.ok(opening.kind === 'browser', JSON.stringify(opening));
      const page = await fetch(opening.address);
      assert.match(await page.text(), /<h1/);
    },
  };
}

function sftp({ sftp: { port, user, home, privateKey, fingerprint } }: TargetPlaces): Place {
  return {
    target: 'ftp',
    config: { protocol: 'sftp', host: '127.0.0.1', port, user, folder: `${home}/www` },
    credentials: { privateKey, fingerprint },
    stands: () => filesIn(home),
    opens: async (opening) => {
      assert.ok(opening.kind === 'copy' && opening.address.startsWith('sftp://'), JSON.stringify(opening));
    },
  };
}

async function filesIn(at: string): Promise<string[]> {
  const all = await readdir(at, { recursive: true, withFileTypes: true }).catch(() => []);
  return all
    .filter((one) => one.isFile())
    .map((one) => path.join(one.parentPath, one.name))
    .sort();
}
