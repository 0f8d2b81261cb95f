import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { corpusFiles, type PlacedCase, readCorpus } from './corpus.ts';
import type { Circumstances, OpenSurface, Surface } from './surface.ts';
import { surfaces } from './surfaces.ts';

/** With how many distinct cases each surface must be attacked at least. */
const atLeast: Readonly<Record<string, number>> = {
  command: 300,
  path: 60,
  injection: 60,
  page: 40,
  mcp: 20,
  approval: 20,
  publish: 40,
};

/** Set where the same cases are played once more as an ordinary user. */
const asOrdinaryUser = process.env.BUTLER_ATTACKS_AS !== undefined;
/** How long one case may take, in ms; nothing that hangs is an answer. */
const longestCase = 30_000;

const faults: string[] = [];
const corpus = corpusFiles().flatMap((file) => {
  try {
    return readCorpus(file, surfaces);
  } catch (error) {
    faults.push((error as Error).message);
    return [];
  }
});

describe('the attack corpus', () => {
  it('is read whole', () => assert.deepEqual(faults, []));

  for (const [name, surface] of Object.entries(surfaces)) {
    if (asOrdinaryUser && !surface.heedsUser) continue;
    const cases = corpus.filter(({ one }) => one.surface === name);
    it(`has enough distinct cases of ${name}`, () => {
      const distinct = new Set(cases.map(({ one }) => JSON.stringify({ ...one, note: '', expected: '' })));
      assert.ok(distinct.size >= (atLeast[name] ?? 1), `${distinct.size} cases`);
    });
    for (const circumstances of circumstancesOf(surface)) {
      describe(titleOf(name, surface, circumstances), () => playAll(surface, cases, circumstances));
    }
  }
});

/** One test for each file of cases; it names every case that did not end as it must. */
function playAll(surface: Surface, cases: readonly PlacedCase[], circumstances: Circumstances): void {
  let open: OpenSurface;
  before(async function () {
    this.timeout(longestCase);
    open = await surface.open(circumstances);
  });
  after(() => open?.close?.());
  for (const [file, some] of Object.entries(Object.groupBy(cases, ({ at }) => at.split(':')[0] ?? ''))) {
    it(`holds against ${some?.length} cases of ${file}`, async function () {
      this.timeout(longestCase * (some?.length ?? 1));
      const wrong: string[] = [];
      for (const { one, at } of some ?? []) {
        const expected = surface.expects?.(one, circumstances) ?? one.expected;
        const came = await answerOf(open, one);
        if (came !== expected) wrong.push(`${at}: expected ${expected}, was ${came}: ${shown(one.text)}`);
      }
      assert.ok(wrong.length === 0, `${wrong.length} of ${some?.length} cases:\n${wrong.join('\n')}`);
    });
  }
}

async function answerOf(open: OpenSurface, one: PlacedCase['one']): Promise<string> {
  const late = new AbortController();
  const overdue = setTimeout(longestCase, 'no answer in time', { signal: late.signal }).catch(() => 'over');
  const played = open.play(one).catch((error: unknown) => `error: ${(error as Error).message}`);
  try {
    return await Promise.race([played, overdue]);
  } finally {
    late.abort();
  }
}

function circumstancesOf({ heedsSandbox }: Surface): Circumstances[] {
  return heedsSandbox ? [{ sandboxed: true }, { sandboxed: false }] : [{ sandboxed: true }];
}

function titleOf(name: string, { heedsSandbox }: Surface, { sandboxed }: Circumstances): string {
  return heedsSandbox ? `${name}, ${sandboxed ? 'in a sandbox' : 'without a sandbox'}` : name;
}

function shown(text: string): string {
  const quoted = JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return quoted.length > 160 ? `${quoted.slice(0, 100)}…${quoted.slice(-50)}` : quoted;
}
