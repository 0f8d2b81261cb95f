import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createScriptReader } from '../../../server/adapters/shells/scripts.ts';
import { skipBecause } from '../../run/countReporter.ts';

/** Says of each text of a list, as JSON, whether Python itself compiles it. */
const witness = `
import json, sys, warnings
warnings.simplefilter('ignore')
def judged(text):
    try: compile(text, 'text', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError): return False
    return True
print(json.dumps([judged(text) for text in json.load(sys.stdin)]))
`;
const library =
  "import os, sysconfig; print('\\n'.join(os.path.join(at, name) for at, _, names in os.walk(sysconfig.get_path('stdlib')) if 'site-packages' not in at for name in names if name.endswith('.py')))";

describe('a look at Python, beside Python itself', function () {
  this.timeout(600_000);
  const python = (program: string, input = '') =>
    execFileSync('python3', ['-c', program], { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  const judged = (texts: readonly string[]) =>
    JSON.parse(python(witness, JSON.stringify(texts))) as readonly boolean[];
  const read = createScriptReader();
  const areRefused = async (texts: readonly string[]) => {
    const refused: boolean[] = [];
    for (const text of texts) refused.push((await read('python', text)) !== null);
    return refused;
  };
  let right: string[];
  before(function () {
    if (process.env.BUTLER_BIG !== '1') skipBecause(this, 'it takes half a minute; BUTLER_BIG=1 asks for it');
    const { status } = spawnSync('python3', ['--version']);
    if (status !== 0) skipBecause(this, 'there is no python3');
    const files = python(library).trim().split('\n').sort();
    const bytes = files.map((file) => readFileSync(file)).filter(({ length }) => length < 200_000);
    const texts = bytes.map(String).filter((text) => !text.includes('\ufffd'));
    const verdicts = judged(texts);
    right = texts.filter((_, at) => verdicts[at]);
  });

  it('reads all of its library but one file in a thousand', async () => {
    const alarms = (await areRefused(right)).filter(Boolean).length;
    console.log(`      ${alarms} of ${right.length} right files are not read`);
    assert.ok(right.length > 500 && alarms <= right.length / 1000);
  });

  it('finds most of what Python refuses of files that lost a sign, and hardly anything else', async () => {
    const small = right.filter((text) => text.length > 500 && text.length < 20_000);
    const changed = Array.from({ length: 2_000 }, (_, step) => {
      const text = small[(step * 7919) % small.length] ?? '';
      const signs = [...text.matchAll(/[()[\]{}:,='"\n]| {4}/g)];
      const sign = signs[(step * 104_729) % signs.length];
      return sign ? text.slice(0, sign.index) + text.slice(sign.index + sign[0].length) : text;
    });
    const verdicts = judged(changed);
    const refused = await areRefused(changed);
    const broken = verdicts.filter((isRight) => !isRight).length;
    const found = verdicts.filter((isRight, at) => !isRight && refused[at]).length;
    const alarms = verdicts.filter((isRight, at) => isRight && refused[at]).length;
    console.log(
      `      ${found} of ${broken} broken files are found, ${alarms} of ${2_000 - broken} right ones`,
    );
    assert.ok(broken > 800 && found > broken * (2 / 3) && alarms <= 2);
  });
});
