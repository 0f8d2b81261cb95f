import assert from 'node:assert/strict';
import { teller } from './told.ts';

const { said, titled } = teller({
  'Try again.': 'Versuchen Sie es erneut.',
  'Nothing of it was done.': 'Nichts davon wurde getan.',
  '{0} refused{1}.': '{0} lehnte ab{1}.',
  '"{0}" is larger than {1} takes.': '„{0}“ ist größer, als {1} annimmt.',
  'There is no {0} "{1}".': '{~0} „{1}“ gibt es nicht.',
  'Used so far: {0}. The limit is set.': 'Bisher verbraucht: {0}. Die Grenze steht.',
  'Your policy: {0}': 'Ihre Richtlinie: {0}',
  'It has no title.': 'Sie hat keinen Titel.',
  'Do again: {0}': 'Erneut tun: {~0}',
  'Delete {0}': '{0} löschen',
  session: 'Die Sitzung',
});

describe('what the worker says', () => {
  it('is told by its template, with what stands in the holes as it is', () => {
    assert.equal(said('Try again.'), 'Versuchen Sie es erneut.');
    assert.equal(said('"a.mp4" is larger than nas takes.'), '„a.mp4“ ist größer, als nas annimmt.');
    assert.equal(said('Used so far: $3. The limit is set.'), 'Bisher verbraucht: $3. Die Grenze steht.');
    assert.equal(said('Nobody translated this.'), 'Nobody translated this.');
    assert.equal(said(''), '');
  });

  it('is told sentence by sentence, after what is not known', () => {
    assert.equal(
      said('GitHub refused (409). Try again. Nothing of it was done.'),
      'GitHub lehnte ab (409). Versuchen Sie es erneut. Nichts davon wurde getan.',
    );
    assert.equal(said('Try again. x.md:3: It has no title.'), 'Try again. x.md:3: Sie hat keinen Titel.');
  });

  it('keeps what others brought, though it reads as words of the worker', () => {
    assert.equal(said('There is no session "Try again.".'), 'Die Sitzung „Try again.“ gibt es nicht.');
    assert.equal(said('Your policy: run a. Try again.'), 'Ihre Richtlinie: run a. Try again.');
    assert.equal(
      said('"a. Try again. b" is larger than it takes.'),
      '„a. Try again. b“ ist größer, als it annimmt.',
    );
    assert.equal(said('Delete it there.'), 'Delete it there.');
    assert.equal(titled('Delete a. Try again.'), 'a. Try again. löschen');
    assert.equal(titled('Delete {0} $& {~1}'), '{0} $& {~1} löschen');
    assert.equal(titled('Run echo. Try again.'), 'Run echo. Try again.');
  });

  it('has words of the worker in it told too', () => {
    assert.equal(titled('Do again: Delete notes.md'), 'Erneut tun: notes.md löschen');
  });

  it('takes no longer than its length, whatever it holds, and one without end is left alone', () => {
    const many = teller(
      Object.fromEntries(
        Array.from({ length: 400 }, (_, index) => [`{0} a {1} a {2} ${index} a.`, '{2}{1}{0}']),
      ),
    );
    const hostile = 'a a. '.repeat(790);
    assert.equal(many.said(hostile), hostile);
    const deep = 'Do again: '.repeat(399);
    assert.equal(titled(deep), 'Erneut tun: '.repeat(399));
    const endless = 'Try again. '.repeat(1_000_000);
    assert.equal(said(endless), endless);
    for (const name of ['constructor', '__proto__', 'toString']) assert.equal(said(name), name);
  });
});
