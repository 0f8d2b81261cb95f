import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Ground, makeGround } from '../tools/ground.ts';
import { type Contents, lookAt } from './looking.ts';

const page = (body: string, head = '<title>T</title>') =>
  `<!DOCTYPE html>\n<html lang="en">\n<head>${head}</head>\n<body>\n${body}\n</body>\n</html>\n`;

describe('a look at a deliverable', () => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await makeGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());

  const look = (type: string, contents: Contents) => lookAt(ground, type, contents);

  it('finds nothing in a website that is as it should be', async () => {
    const { lines } = await look('website', {
      'index.html': page(
        [
          '<p id="a">One<p>Two<br><img src="i/ü%20b.png?x=1" alt="">',
          '<a href="docs/#part">x</a> <a href="/docs">y</a> <a href="#a">z</a> <a href="#">top</a>',
          '<a href="https://example.org/none">out</a> <a href="mailto:x">m</a> <a href="//example.org">n</a>',
          '<svg viewBox="0 0 1 1"><path d="M0 0"/><use href="#a"/></svg><ul><li>1<li>2</ul>',
          '<style>@import "s.css"; p { background: url( \'s.css\' ) }</style>',
          '<img srcset="i/%C3%BC b.png 1x" alt="" src="data:image/png;base64,AAAA">',
        ].join('\n'),
      ).replace('i/%C3%BC b.png 1x', 's.css 1x, docs/index.html 2x'),
      'docs/index.html': page('<h1 id="part">P</h1><a href="../index.html#a">back</a>'),
      'i/ü b.png': Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
      's.css': 'a { background: url(docs/index.html) } /* url(none.png) */',
    });
    assert.deepEqual(lines, []);
  });

  it('names each link that leads nowhere, with its line', async () => {
    const { lines } = await look('website', {
      'index.html': page(
        '<a href="none.html">x</a>\n<img src="Pic.png" alt="">\n<a href="#none">y</a>\n<a href="b.html#c">z</a>\n<a href="../up">u</a>\n<a href="%zz">w</a>\n<script src="/s.js"></script>',
      ),
      'b.html': page(''),
      's.css': '\n\na { background: url("none.png") }',
      'pic.png': 'no picture',
    });
    assert.deepEqual(lines, [
      '! pic.png It is not what its name says.',
      '! index.html:5 The link "none.html" leads to no file of it.',
      '! index.html:6 The link "Pic.png" differs from the file "pic.png" in small and capital letters.',
      '! index.html:7 The link "#none" leads to no place on its page.',
      '! index.html:8 The link "b.html#c" leads to no place on its page.',
      '! index.html:9 The link "../up" leads out of the deliverable.',
      '! index.html:10 The link "%zz" is not written as an address.',
      '! index.html:11 The link "/s.js" leads to no file of it.',
      '! s.css:3 The link "none.png" leads to no file of it.',
    ]);
  });

  it('names what is not as HTML wants it', async () => {
    const { lines } = await look('website', {
      'a.html': '<html><body><div id="x"><p id="x">One<img src="a.html"></body></html>',
    });
    assert.deepEqual(lines, [
      '! a.html The page has no title.',
      '! a.html:1 The id "x" is there twice.',
      '! a.html:1 <div> has no end.',
      'a.html:1 An image has no alternative text.',
      'a.html:1 It does not begin with <!DOCTYPE html>.',
      '* There is no index.html, so that nothing is shown at the root of the site.',
    ]);
  });

  it('names what a browser puts up with, and no end that may stand alone', async () => {
    const { lines } = await look('website', {
      'index.html': page(
        '<p>One<div>Two</div></p>\n<b><i>x</b></i>\n<img class="a" alt="" CLASS="b"></img>\n</section>\n<!-- on and on',
      ),
      'short.html':
        '<!DOCTYPE html><title>T</title></head><p class="a">1</p><p class="a">2</p><table><tr><td>x</tbody></table>' +
        '<svg viewBox="0 0 1 1"><path d="M0 0" /></svg><script>"</b>" + "<!--"</script><!-- ends --></body></html>',
    });
    assert.deepEqual(lines, [
      '! index.html:5 </p> ends nothing.',
      '! index.html:6 <i> has no end.',
      '! index.html:6 </i> ends nothing.',
      '! index.html:7 The attribute "class" is there twice.',
      '! index.html:7 </img> ends nothing.',
      '! index.html:8 </section> ends nothing.',
      '! index.html:9 A comment has no end.',
    ]);
  });

  it('wants a title and living links of a document', async () => {
    const { lines } = await look('document', {
      'a.md': '---\ntitle: A\n---\n\n[b](b.md) ![c](c.png) [d](https://example.org)\n\nx\n\n- [e](e/f.md)\n',
      'b.md': 'No title, no link.',
      'c.txt': ' \n',
      'd.pdf': '%PDF-1.7 cut',
      'e.txt': '\nA title\n\nAnd much text.',
      'f.txt': 'Text without a title that goes on and on. '.repeat(5),
    });
    assert.deepEqual(lines, [
      '! a.md:5 The link "c.png" leads to no file of it.',
      '! a.md:9 The link "e/f.md" leads to no file of it.',
      '! b.md It has no title.',
      '! c.txt It is empty.',
      '! f.txt It has no title.',
      '! d.pdf It ends before it is whole.',
    ]);
  });

  it('tells what media say of themselves, and misses those that their type promises', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><g><path d="M0 0"/></g></svg>';
    const drawn = await look('image', { 'a.svg': svg, 'b.svg': svg.replace('</g>', '') });
    assert.deepEqual(drawn.lines, ['! b.svg It has elements without an end.']);
    assert.deepEqual(drawn.media[0], { file: 'a.svg', form: 'SVG', kind: 'image', width: 20, height: 10 });
    const none = await look('video', { 'a.svg': svg, 'notes.txt': 'x' });
    assert.deepEqual(none.lines, ['! * It holds no video that can be recognised.']);
  });

  it('throws at no text, whatever it is', async () => {
    const bits = fc.constantFrom(
      ...[
        '<a href="',
        '">',
        '<',
        '>',
        '</',
        '<!',
        '<!--',
        '-->',
        '<svg',
        '<style>',
        '<title>',
        'url(',
        ')',
        '"',
        "'",
        '\n',
        '#',
        '](',
        '[x',
        '---\n',
      ],
      ...[
        '{',
        '}',
        '[',
        ':',
        ',',
        '/*',
        '*/',
        'import',
        'await ',
        '%',
        '..',
        '/',
        '\0',
        '\ud800',
        '=======',
        '<<<<<<< ',
        '`',
        '${',
      ],
    );
    const text = fc.array(bits, { maxLength: 40 }).map((all) => all.join(''));
    const names = ['a.html', 'b.css', 'c.md', 'd.json', 'f.svg', 'h.pdf', 'i.txt'];
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('website', 'document', 'code', 'image', 'other'),
        async (one, type) => {
          await look(type, Object.fromEntries(names.map((name) => [name, one])));
        },
      ),
      { numRuns: 120 },
    );
    const code = fc
      .sample(text, 60)
      .flatMap((one, index) =>
        ['js', 'mjs', 'ts', 'json', 'py'].map((ending) => [`${index}.${ending}`, one]),
      );
    await look('code', Object.fromEntries(code));
  });

  it('lets other work go on, and ends when it is called off', async () => {
    const svg = `<svg>${'<g></g>'.repeat(150_000)}</svg>`;
    const contents = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`${index}.svg`, svg]));
    const stop = new AbortController();
    let turns = 0;
    const turn = () => (++turns === 6 ? stop.abort() : setImmediate(turn));
    setImmediate(turn);
    const { media } = await lookAt(ground, 'image', contents, stop.signal);
    assert.ok(stop.signal.aborted && media.length < 3, `${media.length} after ${turns} turns`);
  });

  it('comes to an end soon with hostile files, and tells no more than a hundred findings', async () => {
    const { lines } = await look('website', {
      'a.css': `${'url('.repeat(100_000)}${' '.repeat(200_000)}`,
      'b.css': '/*'.repeat(1_000_000),
      'c.html': '<div>'.repeat(1_000_000),
      'c.svg': '<svg>'.repeat(1_000_000),
      'd.html': '<a href="x">y</a>'.repeat(20_000),
      'd2.html': page(`<style>${'url(a)'.repeat(140_000)}</style>`),
      'e.html': '<a href="\u202e\u0007x\u2028y">',
      'f.json': '{"a":'.repeat(100_000),
    });
    assert.equal(lines.length, 100);
    assert.match(lines.at(-1) ?? '', /There are \d+ more findings/);
    assert.ok(lines.every((line) => !/[\p{Cc}\p{Cf}]/u.test(line)));
  });
});
