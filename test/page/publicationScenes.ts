import type { Preview } from '../../server/protocol/approval.ts';
import type { Deliverable, Publication } from '../../server/protocol/deliverable.ts';
import { type Counterpart, session } from './counterpart.ts';
import { deliverable, harbours, serveFiles } from './deliveryScenes.ts';
import { Story } from './story.ts';

type Change = Pick<Publication, 'location'> & Partial<Publication>;

/** Publishes a deliverable as a job does. */
export function publish(story: Story, job: string, execution: string, id: string, change: Change): Story {
  const publication = { execution, target: 's3', entry: 'index.html', time: story.time, ...change };
  story.add('deliverable.published', job, { deliverable: id, publication });
  return story;
}

/** Where the harbours stand for everybody, with the address of their first page. */
export const bucket = {
  ...{ location: 'https://harbours.example.org/', url: 'https://harbours.example.org/index.html' },
  ...{ visibility: 'public', undoes: 'Puts the 3 former files back.' },
} as const satisfies Change;

const host = { target: 'sftp', location: 'sftp://anna@example.org/var/www/harbours' } as const;
const folder = { target: 'local', location: '/project/public', visibility: 'local' } as const;

/** A site that was published again to three places, of which one was taken back; a note whose newer version took its place. */
export function publications(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Publish the harbours')];
  counterpart.session = 's1';
  serveFiles(counterpart);
  const story = new Story('s1').begin('site').ask('j1', 'Write about harbours');
  const save = (made: Deliverable) => story.add('deliverable.saved', made.job, { deliverable: made });
  save(harbours);
  save(deliverable('d2', 'document', 'Tides', ['notes.md']));
  publish(story, 'j1', 'e1', 'd1', folder);
  publish(story, 'j1', 'e2', 'd2', { target: 'local', location: '/project/notes' });
  story.add('job.completed', 'j1', {});
  story.ask('j2', 'Publish “Harbours” again');
  publish(story, 'j2', 'e3', 'd1', bucket);
  publish(story, 'j2', 'e4', 'd1', { ...host, visibility: 'server', undoes: 'Deletes its 4 files there.' });
  story.add('job.completed', 'j2', {});
  story.add('deliverable.unpublished', 'j1', { deliverable: 'd1', execution: 'e1' });
  story.ask('j3', 'Write about tides once more');
  save({ ...deliverable('d3', 'document', 'Tides', ['notes.md']), job: 'j3' });
  publish(story, 'j3', 'e5', 'd3', { target: 'local', location: '/project/notes', visibility: 'local' });
  story.add('job.completed', 'j3', {});
  counterpart.entries = story.entries;
}

/** A question before a publication to a folder of a server. */
export function publicationThere(counterpart: Counterpart): void {
  counterpart.sessions = [session('s1', 'Publish the harbours', { state: 'running' })];
  counterpart.session = 's1';
  const story = new Story('s1').begin('site').ask('j1', 'Publish the harbours');
  story.say('j1', [{ kind: 'call', call: 'c9', tool: 'publish', input: {} }]);
  const files = harbours.files.map(({ path, size }) => ({ path, size, change: 'create' as const }));
  const undoes = 'Deletes the 4 files there; what is changed there meanwhile stays, and is told.';
  const preview: Preview = { kind: 'files', address: host.location, files, visibility: 'server', undoes };
  const title = `Publish 4 files to ${host.location}`;
  counterpart.entries = story.question('j1', 'c9', preview, { title, protected: true }).entries;
}
