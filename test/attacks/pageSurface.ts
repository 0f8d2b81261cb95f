import type { Page } from 'playwright-core';
import { session } from '../page/counterpart.ts';
import { openStage } from '../page/stage.ts';
import { Story, siteAbility } from '../page/story.ts';
import type { AttackCase } from './attackCase.ts';
import type { OpenSurface, Surface } from './surface.ts';

/**
 * Text at every place of the page that text can come to: what a person, a model, a tool and a service said, names
 * of files, tools, chats and Abilities. `inert`: no script ran, nothing was asked of any host, nothing was left,
 * and no element came to be that only markup makes.
 */
export const pageSurface: Surface = {
  answers: ['inert'],
  open: async (): Promise<OpenSurface> => {
    const stage = await openStage();
    return { play: (one) => play(stage, one), close: () => stage.close() };
  },
};

async function play(stage: Awaited<ReturnType<typeof openStage>>, { text }: AttackCase): Promise<string> {
  const { page, counterpart, offences } = await stage.open({
    prepare: (one) => {
      one.abilities = [{ ...siteAbility, name: text.slice(0, 80), description: text }];
      one.sessions = [session('s1', text.slice(0, 400))];
      one.session = 's1';
      one.entries = hostile(text).entries;
    },
  });
  try {
    await page.getByText('The end of it.').waitFor();
    const address = page.url();
    await counterpart.token('j-live', 'text', `${text}\n\n`);
    await page.locator('.live .markdown').waitFor();
    await openAll(page);
    await page.waitForTimeout(50);
    if (offences.length > 0) return offences.join('; ');
    if (page.url() !== address) return `left for ${page.url()}`;
    if (await page.evaluate(() => 'pwned' in window)) return 'a script ran';
    const made = await forbidden(page);
    return made === '' ? 'inert' : made;
  } finally {
    await page.context().close();
  }
}

function hostile(text: string): Story {
  const name = text.replaceAll('\n', ' ');
  const story = new Story('s1').begin('site').ask('j1', text);
  story.say('j1', [
    { kind: 'thinking', text },
    { kind: 'text', text },
    { kind: 'call', call: 'c1', tool: name.slice(0, 40), input: { path: text, [text]: text } },
    { kind: 'call', call: 'c2', tool: 'write', input: { path: text } },
  ]);
  story.run('j1', 'c1', 'read', name, text, true);
  const shown = { kind: 'diff', path: name, before: text, after: `${text}!` } as const;
  story.question('j1', 'c2', shown, { title: name, rule: text });
  const file = { path: name, digest: 'f'.repeat(64), size: 1, mime: 'text/html' };
  story.deliver('j1', { id: 'd1', title: name.slice(0, 200), files: [file] });
  const failure = { kind: 'tool', what: text, mend: text } as const;
  story.add('attempt.failed', 'j1', { provider: name, failure, again: true });
  story.add('job.failed', 'j1', { failure });
  return story.ask('j-live', 'x').text('j-live', 'The end of it.');
}

async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const line of document.querySelectorAll<HTMLElement>('.call-line')) line.click();
  });
}

/** The first element that no text may bring about. */
function forbidden(page: Page): Promise<string> {
  return page.evaluate(() => {
    const bad =
      '#root :is(script, iframe, object, embed, link, style, meta, base, form:not(.composer), svg, math, video, audio, a[href], [style*="url"])';
    const handler = [...document.querySelectorAll('#root *')].find((element) =>
      [...element.attributes].some((attribute) => attribute.name.startsWith('on')),
    );
    return (document.querySelector(bad) ?? handler)?.outerHTML.slice(0, 200) ?? '';
  });
}
