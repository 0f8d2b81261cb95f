import assert from 'node:assert/strict';
import { readHtml } from './markdown.ts';

const read = (html: string) => readHtml(html, 'https://example.com/a/b').markdown;

describe('a page as Markdown', () => {
  it('keeps headings, lists in lists, quotes, tables and code as they are', () => {
    const html =
      '<h2>Tides</h2><ul><li>one<ol><li>inner</li></ol></li><li><p>a</p><p>b</p></li></ul>' +
      '<blockquote><p>said</p><p>more</p></blockquote><table><tr><th>A</th><th>B</th></tr><tr><td>1</td>' +
      '<td>2</td></tr></table><pre><code>if (a &lt; b) {\n  c();\n}</code></pre><p>x<br>y <code>z</code></p>';
    assert.equal(
      read(html),
      '## Tides\n\n- one\n  1. inner\n- a\n\n  b\n\n> said\n>\n> more\n\n| A | B |\n| 1 | 2 |\n\n' +
        '```\nif (a < b) {\n  c();\n}\n```\n\nx\ny `z`',
    );
  });

  it('makes links whole, and none of any other kind than the web’s', () => {
    assert.equal(
      read(
        '<a href="../x (1)">a</a> <a href="javascript:b()">b</a> <a href="data:,c">c</a> <a href="#d">d</a>',
      ),
      '[a](https://example.com/x%20%281%29) b c d',
    );
  });

  it('reads nothing of scripts, styles, forms and what is hidden, however it is put', () => {
    for (const html of [
      '<script>evil</script>ok',
      '<SCRIPT>evil</SCRIPT >ok',
      '<svg><title>evil</title><script>evil</script></svg>ok',
      '<style>evil</style><template>evil</template><noscript>evil</noscript>ok',
      '<div hidden><div>evil</div><br><p>evil<p>evil</div>ok',
      '<p style="display : none">evil</p><p style="visibility:hidden">evil</p>ok',
      '<ul hidden><li>evil</ul><table hidden><tr><td>evil</table>ok',
      '<img hidden alt="evil"><select><option>evil</select><textarea>evil</textarea><!-- evil -->ok',
      '<head><title>t</title><script>evil</script><p>ok',
      '<title>t</title>ok',
    ]) {
      assert.equal(read(html), 'ok', html);
    }
    assert.equal(readHtml('<title>The\n title</title>x', 'https://example.com').title, 'The title');
  });

  it('reads what is malformed, endless or nested without end, in time of its size', () => {
    for (const piece of [
      '<div>',
      '<ul><li>',
      '<blockquote>',
      '<b>',
      '<p>',
      '</p>',
      '<',
      '&',
      '<!--',
      '<a href="/">',
      '<table><tr><td>',
    ]) {
      const { markdown } = readHtml(`${piece.repeat(200_000)}x`, 'https://example.com');
      assert.ok(markdown.length < 10_000_000, piece);
    }
    assert.match(read('<div>'.repeat(5000)), /nested too deeply/);
  });
});
