import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { buildSite } from '../../../server/adapters/tools/buildSite.ts';
import { copySampleWorkspace } from '../../support/sampleWorkspace.ts';
import { call, type Ground, kindOf, makeGround, rg } from './ground.ts';
import { assertValid, brokenLinks } from './siteChecks.ts';

const tool = buildSite({ rg });

/** The files of the site that a workspace comes to. */
async function siteOf(ground: Ground, input: unknown = {}) {
  const { result } = await call(ground, tool, input);
  const files = new Map<string, Buffer>();
  for (const file of result.deliverable?.files ?? []) {
    files.set(file.path, Buffer.from((await ground.blobs.get(file.digest)) ?? []));
  }
  const page = (name: string) => String(files.get(name) ?? assert.fail(`there is no page ${name}`));
  return {
    files,
    page,
    output: JSON.parse(result.output) as Record<string, unknown> & { problems: string[] },
  };
}

async function siteFrom(files: Record<string, string | Uint8Array>, input: unknown = {}) {
  await using ground = await makeGround(files);
  return await siteOf(ground, input);
}

describe('a site', function () {
  this.timeout(60_000);

  it('of the sample workspace is valid HTML without a broken link, with images and a navigation', async () => {
    await using ground = await makeGround();
    await rm(ground.workspace, { recursive: true });
    await copySampleWorkspace(ground.workspace);
    const { files, page, output } = await siteOf(ground);
    assert.deepEqual([...files.keys()].sort(), [
      'docs/first-steps.html',
      'docs/how-it-works.html',
      'docs/images/day.svg',
      'docs/images/float.png',
      'docs/images/half-wave.svg',
      'docs/index.html',
      'docs/questions.html',
      'docs/reference/options.html',
      'index.html',
      'site.css',
      'src/tide.js',
    ]);
    assert.deepEqual(output.problems, []);
    assert.equal(output.title, 'Tidewatch');
    assert.deepEqual(brokenLinks(files), []);
    await assertValid(files);
    assert.ok(page('docs/first-steps.html').includes('aria-current="page">First steps</a>'));
    assert.ok(page('index.html').includes('href="docs/how-it-works.html#between-two-tides"'));
    assert.ok(String(files.get('site.css')).includes('prefers-color-scheme: dark'));
    assert.deepEqual(files.get('docs/images/float.png'), await ground.read('docs/images/float.png'));
  });

  it('turns README and index into the page of their folder, and everything else into a page of its name', async () => {
    const { files } = await siteFrom({
      'README.md': '# A',
      'a/readme.md': '# B',
      'b/index.md': '# C',
      'b/README.md': '# D',
      'c d/ä.markdown': '# E',
    });
    const pages = [...files.keys()].filter((name) => name.endsWith('.html')).sort();
    assert.deepEqual(pages, ['a/index.html', 'b/README.html', 'b/index.html', 'c d/ä.html', 'index.html']);
    assert.deepEqual(brokenLinks(files), []);
    await assertValid(files);
  });

  it('resolves links as GitHub does: folders, anchors, encoded names, the root, with and without ending', async () => {
    const links = [
      'docs',
      'docs/',
      '/docs/a%20b.md#x-1',
      'docs/a b',
      './docs/../docs/a%20b.md?raw=1#x',
      '#top-of',
      'LICENSE',
    ];
    const { files, output } = await siteFrom({
      'README.md': `# T\n\n## Top of\n\n${links.map((link) => `- [l](<${link}>)`).join('\n')}\n`,
      'docs/README.md': '# D',
      'docs/a b.md': '# AB\n\n## X\n\n## X\n',
      LICENSE: 'free',
    });
    assert.deepEqual(output.problems, []);
    assert.deepEqual(brokenLinks(files), []);
    assert.ok(files.has('LICENSE'));
  });

  it('reports links that lead nowhere and drops them, so that nothing is broken', async () => {
    const { files, page, output } = await siteFrom({
      'README.md': '[gone](gone.md) ![no](no.png) [up](../../etc/passwd) [a](a.md#none) [s](//host/x)\n',
      'a.md': '# A',
    });
    assert.equal(output.problemCount, 5);
    assert.match(output.problems.join('\n'), /README\.md: the link to "gone\.md" leads nowhere/);
    assert.deepEqual(brokenLinks(files), []);
    assert.ok(page('index.html').includes('gone'), 'the words stay');
  });

  it('has no link with an unsafe scheme and no script, whatever the Markdown says', async () => {
    const evil = [
      '[x](javascript:alert(1))',
      '[x](JaVaScRiPt:alert(1))',
      '[x](java&#10;script:alert(1))',
      '[x](&#x6A;avascript:alert(1))',
      '[x](%6Aavascript:alert(1))',
      '[x](vbscript:x)',
      '[x](data:text/html,<script>alert(1)</script>)',
      '![x](data:image/svg+xml;base64,AAAA)',
      '[x](file:///etc/passwd)',
      '<javascript:alert(1)>',
      '[x]: javascript:alert(1)\n[x]',
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '# <b onclick=x>"quoted" & more</b>',
      '[x](https://h/"onmouseover="alert(1))',
      '```html"><script>\n</script>\n```',
      '[x](x.md "title\\" onclick=\\"alert(1)")',
    ];
    const { files } = await siteFrom({
      'README.md': evil.join('\n\n'),
      'x.md': '# "><script>alert(1)</script>',
    });
    for (const [name, bytes] of files) {
      if (!name.endsWith('.html')) continue;
      for (const tag of String(bytes).match(/<[^>]*>/g) ?? []) {
        assert.ok(!/^<script/i.test(tag), tag);
        assert.ok(!/\son\w+/i.test(tag.replace(/"[^"]*"/g, '')), tag);
        for (const [, address = ''] of tag.matchAll(/(?:href|src)="([^"]*)"/g)) {
          assert.ok(!address.includes(':') || /^(https?|mailto):/.test(address), tag);
        }
      }
    }
    assert.deepEqual(brokenLinks(files), []);
    await assertValid(files);
  });

  it('loads nothing from outside: a remote image becomes a link', async () => {
    const { page, files } = await siteFrom({
      'README.md':
        '![badge](https://host.invalid/a.png) [![b](https://host.invalid/b.png)](https://host.invalid/)',
    });
    assert.ok(!page('index.html').includes('<img'));
    assert.ok(page('index.html').includes('<a href="https://host.invalid/a.png" rel="noreferrer">badge</a>'));
    await assertValid(files);
  });

  it('copies no file that is ignored, hidden or looks like a secret', async () => {
    const { files, output } = await siteFrom({
      'README.md': '[a](.env) [b](key.pem) [c](private/x.txt) [d](.git/config)',
      '.gitignore': 'private/',
      '.env': 'T=1',
      'key.pem': 'k',
      'private/x.txt': 'x',
      '.git/config': 'x',
    });
    assert.deepEqual([...files.keys()].sort(), ['index.html', 'site.css']);
    assert.equal(output.problemCount, 4);
  });

  it('has a list of pages where no page is the first, and a title as asked', async () => {
    const { page, files } = await siteFrom({ 'b.md': '# B', 'a.md': 'no heading' }, { title: 'My "Docs"' });
    assert.match(page('index.html'), /<title>My &quot;Docs&quot;<\/title>/);
    assert.deepEqual(brokenLinks(files), []);
    await assertValid(files);
  });

  it('of a folder stands by itself, with linked files from beside it', async () => {
    const { files } = await siteFrom(
      {
        'docs/index.md': '![l](../logo.png) [c](../src/a.js) [r](../README.md)',
        'logo.png': 'x',
        'src/a.js': 'x',
        'README.md': '# R',
      },
      { folder: 'docs' },
    );
    assert.deepEqual([...files.keys()].sort(), [
      '_files/logo.png',
      '_files/src/a.js',
      'index.html',
      'site.css',
    ]);
    assert.deepEqual(brokenLinks(files), []);
  });

  it('leaves out what the butler published, comments and front matter', async () => {
    const marker = '{}';
    const { page, files } = await siteFrom({
      'README.md': '---\ntitle: From the front\n---\n<!-- hidden\nwords -->\n\nText\n',
      'public/notes.md': '# N',
      'public/.butler-publish.json': marker,
    });
    assert.ok(!files.has('public/notes.html'));
    assert.match(page('index.html'), /<title>From the front<\/title>/);
    assert.ok(!page('index.html').includes('hidden'));
  });

  it('needs a Markdown file', async () => {
    await using ground = await makeGround({ 'a.txt': 'x' });
    const input = tool.input.parse({});
    const plan = await tool.plan(input, ground.context());
    assert.ok(plan.ok);
    assert.equal(kindOf(await tool.run(input, plan.value, ground.context())), 'invalid');
  });

  it('keeps its tables, code and long headings valid', async () => {
    const { files } = await siteFrom({
      'README.md':
        '# 1. First!\n\n## Content\n\n## 1. First!\n\n## `code` & *more* [l](#1-first)\n\n##\n\n| a | b | c |\n|:-|:-:|-:|\n| 1 | 2 | 3 |\n\n```js\nlet a = "<b>";\n```\n\n~~no~~ https://host.invalid/x\n\n1. a\n\n   b\n2. c\n\n> q\n',
    });
    assert.deepEqual(brokenLinks(files), []);
    await assertValid(files);
  });
});
