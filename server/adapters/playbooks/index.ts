import { Playbook } from '../../protocol/plan.ts';
import publishAgain from './publishAgain.json' with { type: 'json' };
import releaseNotes from './releaseNotes.json' with { type: 'json' };
import site from './site.json' with { type: 'json' };
import statistics from './statistics.json' with { type: 'json' };
import todo from './todo.json' with { type: 'json' };

/** The playbooks that come with the product: a new one is one file and one word here. */
export const playbooks: readonly Playbook[] = [site, releaseNotes, todo, statistics, publishAgain].map(
  (one) => Playbook.parse(one),
);
