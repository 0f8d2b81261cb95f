import { createOffline } from '../../../server/adapters/providers/offline.ts';
import { question } from './listen.ts';
import { notes, planTools, site, todo } from './playbookFixtures.ts';
import type { Scene, Subject } from './subject.ts';

const provider = createOffline({ playbooks: async () => [site, todo, notes] });

const asking = <E>(text: string, expect: E): Scene<E> => ({
  expect,
  set: async () => ({
    provider,
    request: question(text, { tools: planTools }),
    close: async () => undefined,
  }),
});

const noModel = { deviates: 'it has no model' };
const noService = { deviates: 'it asks no service' };

/** The embedded provider, its own counterpart. */
export const offline: Subject = {
  name: 'offline',
  text: asking(
    '/help',
    `I am the offline provider: no model, no network, no key. I run playbooks, plans of fixed steps that you can read.

What I can do:

- /site: Site from Markdown 🌍. Builds a website from Markdown files and publishes it.
- /todo: TODO report. Lists what is still to do.
- /release-notes: Release notes. Writes what changed since the last tag.
- /help: says this.`,
  ),
  unicode: asking('/help', 'Site from Markdown 🌍'),
  thinking: noModel,
  parallelCalls: { deviates: 'a playbook runs one step a round' },
  mixedCalls: { deviates: 'a playbook runs one step a round' },
  toolRound: asking('/release-notes', {
    tool: 'release_notes',
    input: {},
    output: '{"title":"Notes"}',
    answer: /^The notes are ready\.$/,
  }),
  image: noModel,
  usage: { deviates: 'without a model there are no tokens to count' },
  length: noModel,
  nothingLeft: { deviates: 'a playbook always says how it ended' },
  long: { deviates: 'what it says is as short as its playbooks' },
  slow: asking('/help', null),
  slowCall: { deviates: 'the input of a step is known at once' },
  models: noModel,
  reachable: noService,
  faults: noService,
};
