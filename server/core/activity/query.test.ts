import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ActFilter } from '../../protocol/activity.ts';
import type { Today } from './calendar.ts';
import { understand } from './query.ts';

const begins = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day);
/** A Wednesday. */
const today: Today = { now: Date.UTC(2026, 2, 18, 15), year: 2026, month: 3, day: 18, begins };
const at = (month: number, day: number) => begins(2026, month, day);
const wholeDay = (month: number, day: number) => ({ since: at(month, day), until: at(month, day + 1) - 1 });

const filterOf = (query: string): ActFilter => {
  const outcome = understand(query, today);
  return outcome.ok ? outcome.value.filter : assert.fail(`${query}: ${outcome.failure.what}`);
};

const understood: Record<string, ActFilter> = {
  '': {},
  'what happened today?': wholeDay(3, 18),
  'mail sent this week': { effects: ['send'], since: at(3, 16) },
  'E-Mails gesendet diese Woche': { effects: ['send'], since: at(3, 16) },
  'denied yesterday': { outcomes: ['denied'], ...wholeDay(3, 17) },
  'gestern abgelehnt': { outcomes: ['denied'], ...wholeDay(3, 17) },
  'run by agent since monday': { effects: ['run'], actor: 'agent', since: at(3, 16) },
  'seit Montag vom Agenten ausgeführt': { effects: ['run'], actor: 'agent', since: at(3, 16) },
  'files deleted in the last 3 days': { effects: ['delete'], since: at(3, 15) },
  'in den letzten 3 Tagen gelöschte Dateien': { effects: ['delete'], since: at(3, 15) },
  'published to github': { effects: ['publish'], words: ['github'] },
  'files read or written': { effects: ['read', 'write'] },
  'tool:run_command outcome:failed "npm test" job:j-1': {
    tools: ['run_command'],
    outcomes: ['failed'],
    job: 'j-1',
    words: ['npm test'],
  },
  'by me last week': { actor: 'person', since: at(3, 9), until: at(3, 16) - 1 },
  'last month': { since: at(2, 1), until: at(3, 1) - 1 },
  'this year': { since: at(1, 1) },
  'on friday': wholeDay(3, 13),
  'am Freitag': wholeDay(3, 13),
  wednesday: wholeDay(3, 18),
  '3 days ago': wholeDay(3, 15),
  'vor zwei Wochen': wholeDay(3, 4),
  'last two hours': { since: today.now - 7_200_000 },
  'last hour': { since: today.now - 3_600_000 },
  'since 2026-01-31': { since: at(1, 31) },
  'bis 31.01.2026': { until: at(2, 1) - 1 },
  'before yesterday': { until: at(3, 17) - 1 },
  'since:yesterday': { since: at(3, 17) },
  'since 2026-01-31 until 2026-02-01': { since: at(1, 31), until: at(2, 2) - 1 },
  'effect:network api.example.invalid': { effects: ['network'], words: ['api.example.invalid'] },
  'approved by me': { tools: ['approval.decided'], actor: 'person' },
  'https://example.invalid/x': { words: ['https://example.invalid/x'] },
  '"files deleted"': { words: ['files deleted'] },
  'src/constructor.ts __proto__ toString': { words: ['src/constructor.ts', '__proto__', 'toString'] },
  'constructor:x': { words: ['constructor:x'] },
};

describe('a question about what was done', () => {
  for (const [query, filter] of Object.entries(understood)) {
    it(`is understood: ${query || '(nothing)'}`, () => assert.deepEqual(filterOf(query), filter));
  }

  const impossible: Record<string, RegExp> = {
    'mail deleted': /"mail" and "deleted"/,
    'outcome:great': /"great"/,
    'effect:magic': /"magic"/,
    'by:nobody': /"nobody"/,
    'job:j-1 job:j-2': /"job:j-1" and "job:j-2"/,
    'by me by agent': /"by person" and "by agent"/,
    'since today before yesterday': /"since today" and "before yesterday"/,
    'since:never': /"never"/,
  };
  for (const [query, what] of Object.entries(impossible)) {
    it(`is refused with the words that are wrong: ${query}`, () => {
      const outcome = understand(query, today);
      assert.ok(!outcome.ok);
      assert.match(outcome.failure.what, what);
      assert.equal(outcome.failure.field, 'query');
    });
  }

  it('says how it was understood', () => {
    const outcome = understand('mail sent this week to "ada"', today);
    assert.ok(outcome.ok);
    assert.equal(outcome.value.understood, 'effect send · this week · with "ada"');
  });

  it('never throws, and takes every word into account or passes over it', () => {
    fc.assert(fc.property(fc.string({ maxLength: 100 }), (query) => void understand(query, today)));
    const words = fc.constantFrom(
      'since',
      'last',
      '3',
      'days',
      'by',
      'the',
      'in',
      'vor',
      'before',
      ':',
      '"',
      'files',
    );
    fc.assert(fc.property(fc.array(words), (some) => void understand(some.join(' '), today)));
  });
});
