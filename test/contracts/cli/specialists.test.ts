import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { modelledOfEachTest } from './modelled.ts';

describe('the command line, with specialists', function () {
  this.timeout(60_000);
  const { stage, butler } = modelledOfEachTest(answerTo);

  it('asks what they ask, lists their jobs below their job, and takes all of it back', async () => {
    const draft = AbilityDraft.parse({ name: 'Chief', provider: 'anthropic', agents: ['project', 'email'] });
    assert.ok((await createAbility(stage.butler, { draft }, 'person:test')).ok);
    const page = path.join(stage.workspace, 'docs/news.md');
    const ran = await butler('run', '--yes', 'chief', 'Tell the news');
    assert.match(
      ran.out,
      /→ Ask the specialist: Project[\s\S]*approved[\s\S]*→ Ask the specialist: Mail[\s\S]*It is told\./,
    );
    assert.ok(existsSync(page), ran.err);

    const listed = (await butler('jobs')).out.trimEnd().split('\n');
    const titles = listed.map((line) => line.slice(line.indexOf('chief') + 'chief'.length + 2));
    assert.deepEqual(titles, ['general: Tell the news', '  project: Write a page', '  email: Write a mail']);

    const [job] = JSON.parse(
      `[${(await butler('--json', 'jobs')).out.trim().split('\n').join(',')}]`,
    ) as Job[];
    const parent = job?.parent ?? job?.id ?? '';
    const undone = await butler('undo', parent);
    assert.ok(!existsSync(page), undone.err);
  });
});

/** A model that plays the router, the specialists and the one who puts it together. */
function answerTo(body: string): (string | object)[] {
  const { system, messages, tools } = JSON.parse(body) as {
    system: unknown;
    messages: unknown[];
    tools: { name: string }[];
  };
  const call = (tool: string, input: object) => [
    ...a.call(0, `toolu_${messages.length}`, tool, JSON.stringify(input)),
    ...a.end('tool_use'),
  ];
  const says = (text: string) => [...a.text(0, text), ...a.end('end_turn')];
  const persona = JSON.stringify(system);
  if (tools.some(({ name }) => name === 'route')) {
    const steps = [
      { agent: 'project', task: 'Write a page' },
      { agent: 'email', task: 'Write a mail' },
    ];
    return call('route', { steps });
  }
  if (persona.includes('the specialist for the project')) {
    if (messages.length === 1) return call('write_file', { path: 'docs/news.md', content: '# News\n' });
    return says('The page is written.');
  }
  return says(persona.includes('the specialist for mail') ? 'Dear all.' : 'It is told.');
}
