import { failures } from '../../server/protocol/failure.ts';
import { type Counterpart, session } from './counterpart.ts';
import { delivered, publication } from './deliveryScenes.ts';
import { atWork, forked, forkedMidway, unreachable, versions } from './liveScenes.ts';
import { publications, publicationThere } from './publicationScenes.ts';
import { batch, command, looseCommand, runningCommand, toldQuestion } from './safetyScenes.ts';
import { Story } from './story.ts';

/** A scene by name: what stands in the journal when the page opens. */
export const scenes = {
  empty: () => {},
  list: (counterpart) => {
    counterpart.sessions = [
      session('s1', 'Publish the docs as a site', { state: 'running' }),
      session('s2', 'Release notes since v1.2', { updated: Date.now() - 86_400_000 }),
      session(
        's3',
        'A very long title that somebody gave to a session because they wanted to find it again',
        {
          state: 'failed',
          ability: 'writer',
        },
      ),
      session('s4', 'TODO report', { state: 'idle' }),
    ];
  },
  job: (counterpart) => {
    counterpart.sessions = [session('s1', 'Publish the docs as a site')];
    counterpart.session = 's1';
    counterpart.entries = published().entries;
  },
  question: (counterpart) => {
    counterpart.sessions = [session('s1', 'Publish the docs as a site', { state: 'running' })];
    counterpart.session = 's1';
    counterpart.entries = asked().entries;
  },
  diff: (counterpart) => {
    counterpart.sessions = [session('s1', 'Mend the greeting', { state: 'running' })];
    counterpart.session = 's1';
    const before = 'export function greet(name: string) {\n  return "Helo " + name;\n}\n';
    counterpart.entries = new Story('s1')
      .begin('site')
      .ask('j1', 'Mend the greeting in src/greet.ts')
      .say('j1', [
        { kind: 'text', text: 'There is a slip in the greeting; I mend it.' },
        { kind: 'call', call: 'c1', tool: 'edit_file', input: { path: 'src/greet.ts' } },
      ])
      .question(
        'j1',
        'c1',
        { kind: 'diff', path: 'src/greet.ts', before, after: before.replace('Helo', 'Hello') },
        { tool: 'edit_file', title: 'Edit src/greet.ts', rule: 'writes ask in this mode' },
      ).entries;
  },
  failures: (counterpart) => {
    counterpart.sessions = [session('s1', 'Summarise the guide', { state: 'failed', ability: 'writer' })];
    counterpart.session = 's1';
    const story = new Story('s1').begin('writer');
    const all = [
      failures.offline('The provider could not be reached.'),
      failures.noKey('anthropic'),
      failures.limited('anthropic', Date.now() + 3_600_000),
      failures.internal('an entry had no hash.'),
    ];
    for (const [index, failure] of all.entries()) {
      story.ask(`j${index}`, 'Summarise the guide').add('job.failed', `j${index}`, { failure });
    }
    story.ask('j8', 'And now?').add('job.abortRequested', 'j8', {});
    story.add('job.aborted', 'j8', {});
    counterpart.entries = story.entries;
  },
  run: (counterpart) => {
    counterpart.sessions = [session('s1', 'Clean up the docs folder')];
    counterpart.session = 's1';
    counterpart.entries = new Story('s1').begin('site').ask('j1', 'Clean up the docs folder', 'run').entries;
  },
  command,
  looseCommand,
  runningCommand,
  toldQuestion,
  batch,
  publication,
  publicationThere,
  publications,
  delivered,
  atWork,
  unreachable,
  versions,
  forked,
  forkedMidway,
  untrusted: (counterpart) => {
    counterpart.worker = 'untrusted';
  },
  starting: (counterpart) => {
    counterpart.worker = 'starting';
  },
} satisfies Record<string, (counterpart: Counterpart) => void>;

export type SceneName = keyof typeof scenes;

/** The main job up to its question. */
export function asked(): Story {
  return new Story('s1')
    .begin('site')
    .ask('j1', 'Publish the docs as a site')
    .say('j1', [
      { kind: 'thinking', text: 'The README links to three guides. I look at them first.' },
      { kind: 'text', text: 'I read the documentation, build the site and ask before I publish it.' },
      { kind: 'call', call: 'c1', tool: 'list_files', input: { path: 'docs' } },
      { kind: 'call', call: 'c2', tool: 'read_file', input: { path: 'docs/guide.md' } },
    ])
    .run('j1', 'c1', 'list_files', 'List docs', 'guide.md\nplan.md')
    .run('j1', 'c2', 'read_file', 'Read docs/guide.md', '# Guide\n\nText.')
    .say('j1', [{ kind: 'call', call: 'c3', tool: 'site', input: { from: 'README.md' } }])
    .run('j1', 'c3', 'site', 'Build a site of 4 pages', '4 files')
    .deliver('j1')
    .say('j1', [{ kind: 'call', call: 'c9', tool: 'publish', input: { deliverable: 'd1' } }])
    .question('j1', 'c9', {
      kind: 'files',
      address: './public',
      files: [
        { path: 'index.html', change: 'create', size: 5200 },
        { path: 'guide.html', change: 'update', size: 8100 },
        { path: 'old.html', change: 'delete', size: 900 },
        { path: 'style.css', change: 'unchanged', size: 1400 },
      ],
      visibility: 'local',
      undoes: 'Puts back the 2 files that stood there, and deletes the new one.',
    });
}

/** The main job to its end. */
export function published(): Story {
  const story = asked();
  story.add('approval.decided', 'j1', { approval: 'ask-c9', decision: 'approved', forJob: false });
  story.run('j1', 'c9', 'publish', 'Publish 4 files to ./public', 'Published.', true).publish('j1');
  story.say('j1', [{ kind: 'text', text: closing }], {
    input: 5321,
    output: 412,
    cacheRead: 4800,
    cacheWrite: 0,
  });
  story.add('job.completed', 'j1', {});
  return story;
}

const closing = `The site stands in \`public/\`. Three things you may want to know:

1. Every link was checked; **none is broken**.
2. The navigation follows [docs/plan.md](docs/plan.md).
3. More about hosting is at https://example.org/hosting.

\`\`\`ts
export const pages = ['index', 'guide'].map((name) => \`\${name}.html\`); // in order
\`\`\`

| page | size |
|---|---:|
| index.html | 5.2 KB |
| guide.html | 8.1 KB |
`;

/** Sets a counterpart up. */
export type Prepare = (counterpart: Counterpart) => void;

/** A session whose job runs. */
export const running: Prepare = (counterpart) => {
  counterpart.sessions = [session('s1', 'Publish', { state: 'running' })];
  counterpart.session = 's1';
  counterpart.entries = new Story('s1').begin('site').ask('j1', 'Publish').entries;
};

/** A session of twice as many messages. */
export function long(jobs: number): Prepare {
  return (counterpart) => {
    const story = new Story('s1').begin('site');
    for (let index = 0; index < jobs; index++) {
      story.add(
        'job.created',
        `j${index}`,
        { ability: 'site', kind: 'task', workspace: '/project' },
        { text: `Job ${index}` },
      );
      story.text(`j${index}`, `Answer ${index}`).add('job.completed', `j${index}`, {});
    }
    counterpart.sessions = [session('s1', 'A long one')];
    counterpart.session = 's1';
    counterpart.entries = story.entries;
  };
}

/** Goes on after the entries there are. */
export function later(seq: number): Story {
  return new Story('s1', { seq, time: Date.now() });
}
