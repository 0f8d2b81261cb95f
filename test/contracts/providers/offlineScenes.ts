import { createOffline } from '../../../server/adapters/providers/offline.ts';
import { notes, planTools, site, todo } from './playbookFixtures.ts';
import { question, type Scene, type Subject } from './suite.ts';

const provider = createOffline({ playbooks: async () => [site, todo, notes] });

const asking = <E>(text: string, expect: E): Scene<E> => ({
  expect,
  set: async () => ({
    provider,
    request: question(text, { tools: planTools }),
    close: async () => undefined,
  }),
});

/** The embedded provider, its own counterpart. */
export const offline: Subject = {
  name: 'offline',
  text: asking(
    '/nothing',
    `I know no command /nothing.

What I can do:

- /site: Site from Markdown 🌍. Builds a website from Markdown files and publishes it.
- /todo: TODO report. Lists what is still to do.
- /release-notes: Release notes. Writes what changed since the last tag.
- /help: says this.`,
  ),
  unicode: asking('/help', 'Site from Markdown 🌍'),
  parallelCalls: { deviates: 'a playbook runs one step a round' },
  toolRound: asking('/release-notes', {
    tool: 'release_notes',
    input: {},
    output: '{"title":"Notes"}',
    answer: /^The notes are ready\.$/,
  }),
  usage: { deviates: 'without a model there are no tokens to count' },
  slow: asking('/help', null),
  faults: { deviates: 'it asks no service, so none can fail' },
};
