import { abilitiesChanged } from '../../server/protocol/editor.ts';
import type { Effect } from '../../server/protocol/effect.ts';
import { showSession } from '../../server/protocol/session.ts';
import { session } from '../page/counterpart.ts';
import { forbidden, openAll } from '../page/forbidden.ts';
import { openStage } from '../page/stage.ts';
import { Story, siteAbility } from '../page/story.ts';
import type { Scene } from '../page/tab.ts';
import type { AttackCase } from './attackCase.ts';
import type { OpenSurface, Surface } from './surface.ts';

/**
 * Text at every place of the page that text can come to: what a person, a model, a tool and a service said, names
 * of files, tools, chats and Abilities. `inert`: no script ran, nothing was asked of any host, nothing was left,
 * and no element came to be that only markup makes. One page shows one session after the other, until a case does
 * not end as it must.
 */
export const pageSurface: Surface = {
  answers: ['inert'],
  open: async (): Promise<OpenSurface> => {
    const stage = await openStage();
    let scene: Scene | null = null;
    let played = 0;
    const play = async ({ text }: AttackCase): Promise<string> => {
      const used = scene ?? (await stage.open());
      scene = null;
      const came = await shown(used, text, ++played).catch(async (error: unknown) => {
        await used.page.context().close();
        throw error;
      });
      if (came === 'inert') scene = used;
      else await used.page.context().close();
      return came;
    };
    return { play, close: () => stage.close() };
  },
};

async function shown({ page, counterpart, offences }: Scene, text: string, number: number): Promise<string> {
  const id = `s${number}`;
  const end = `The end of case ${number}.`;
  counterpart.abilities = [{ ...siteAbility, name: text.slice(0, 80), description: text }];
  counterpart.sessions = [session(id, text.slice(0, 400))];
  counterpart.entries = hostile(text, id, end).entries;
  await page.locator('.page').waitFor();
  await counterpart.post({ kind: 'news', method: abilitiesChanged.method, params: {} });
  await counterpart.post({ kind: 'news', method: showSession.method, params: { session: id } });
  await page.getByText(end).waitFor();
  const address = page.url();
  await counterpart.token('j-live', 'text', `${text}\n\n`);
  await page.locator('.live .markdown').waitFor({ state: 'attached' });
  await openAll(page);
  await page.waitForTimeout(50);
  if ((await page.locator('.words').first().textContent()) !== text) return 'the text is not shown';
  if ((await page.locator('.ask .effects').count()) === 0) return 'the question is not shown';
  if (offences.length > 0) return offences.join('; ');
  if (page.url() !== address) return `left for ${page.url()}`;
  if (await page.evaluate(() => 'pwned' in window)) return 'a script ran';
  const made = await forbidden(page);
  return made === '' ? 'inert' : made;
}

function hostile(text: string, id: string, end: string): Story {
  const name = text.replaceAll('\n', ' ');
  const story = new Story(id).begin('site').ask('j0', text);
  const failure = { kind: 'tool', what: text, mend: text } as const;
  story.add('attempt.failed', 'j0', { provider: name, failure, again: true });
  story.add('job.failed', 'j0', { failure });
  story.ask('j1', text);
  story.say('j1', [
    { kind: 'thinking', text },
    { kind: 'text', text },
    { kind: 'call', call: 'c1', tool: name.slice(0, 40), input: { path: text, [text]: text } },
    { kind: 'call', call: 'c2', tool: 'write', input: { path: text } },
  ]);
  story.run('j1', 'c1', 'read', name, text, true);
  const shown = { kind: 'diff', path: name, before: text, after: `${text}!` } as const;
  story.question('j1', 'c2', shown, { title: name, rule: text, effects: effects(text) });
  const file = { path: name.slice(0, 1024), digest: 'f'.repeat(64), size: 1, mime: 'text/html' };
  story.deliver('j1', { id: 'd1', title: name.slice(0, 200), files: [file] });
  return story.ask('j-live', 'x').text('j-live', end);
}

function effects(text: string): Effect[] {
  const file = { path: text, shown: text, place: 'outside' } as const;
  return [
    { kind: 'run', argv: ['sh', text], cwd: text, unclear: text, sandboxed: true },
    { kind: 'run', argv: text.split(' '), cwd: '/' },
    { kind: 'write', ...file, reversible: false },
    { kind: 'network', host: text },
  ];
}
