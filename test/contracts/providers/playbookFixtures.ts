import { Playbook } from '../../../server/protocol/plan.ts';

/** A plan of two steps, the second of which takes from the output of the first. */
export const site = Playbook.parse({
  id: 'site',
  title: 'Site from Markdown 🌍',
  command: 'site',
  about: 'Builds a website from Markdown files and publishes it.',
  deliverable: 'website',
  words: ['site', 'website', 'docs'],
  steps: [
    { action: 'build_site', params: { from: '.' }, why: 'Build the pages' },
    {
      action: 'publish',
      params: { deliverable: '$deliverable', note: '$5', tags: ['$title', 'fixed'] },
      data_from_step: 0,
      why: 'Publish them',
    },
  ],
  closing: '{0.pages} pages are published at {1.location}; nobody knows {1.more}.',
});

/** A plan of one step. */
export const todo = Playbook.parse({
  id: 'todo',
  title: 'TODO report',
  command: 'todo',
  about: 'Lists what is still to do.',
  deliverable: 'document',
  words: ['todo', 'to do'],
  steps: [{ action: 'todo_report' }],
});

/** Another plan of one step, for the same deliverable. */
export const notes = Playbook.parse({
  id: 'release-notes',
  title: 'Release notes',
  command: 'release-notes',
  about: 'Writes what changed since the last tag.',
  deliverable: 'document',
  words: ['release notes', 'changelog'],
  steps: [{ action: 'release_notes' }],
  closing: 'The notes are ready.',
});

/** Definitions of the tools that the plans use. */
export const planTools = ['build_site', 'publish', 'todo_report', 'release_notes'].map((name) => ({
  name,
  description: name,
  input: { type: 'object' },
}));
