import assert from 'node:assert/strict';
import { Config } from './config.ts';
import { shipmentOf } from './shipment.ts';

describe('what of a deliverable goes to YouTube', () => {
  const shipmentWith = (names: readonly string[], change: Record<string, unknown> = {}) => {
    const files = names.map((path) => ({ path, digest: '0'.repeat(64), size: 10, mime: 'x/y' }));
    const config = Config.parse({ madeForKids: false, ...change });
    const shipped = shipmentOf({ deliverable: 'd', title: ' Spring ', files }, config);
    return shipped.ok ? shipped.value : assert.fail(shipped.failure.what);
  };

  it('is the video, an image of the name, and subtitles whose language is known', () => {
    const names = [
      'film.mp4',
      'a/thumbnail.JPG',
      'cover.png',
      'film.de.srt',
      'film.zz.vtt',
      'own.srt',
      'b.txt',
    ];
    const { video, thumbnail, captions, left, snippet } = shipmentWith(names);
    assert.deepEqual([video.path, thumbnail?.path, snippet.title], ['film.mp4', 'a/thumbnail.JPG', 'Spring']);
    assert.deepEqual(
      captions.map(({ file, language, name }) => [file.path, language, name]),
      [['film.de.srt', 'de', '']],
    );
    assert.deepEqual(
      left.map(({ path }) => path),
      ['cover.png', 'film.zz.vtt', 'own.srt', 'b.txt'],
    );
  });

  it('takes the image that is named, and the language of the config where a file says none', () => {
    const names = ['film.mov', 'thumbnail.png', 'cover.png', 'film.srt', 'deaf.en.vtt', 'plain.en.vtt'];
    const { thumbnail, captions } = shipmentWith(names, { thumbnail: 'cover.png', language: 'pt-BR' });
    assert.equal(thumbnail?.path, 'cover.png');
    assert.deepEqual(
      captions.map(({ language, name }) => [language, name]),
      [
        ['pt-BR', ''],
        ['en', 'deaf.en.vtt'],
        ['en', 'plain.en.vtt'],
      ],
    );
  });

  it('takes no other words for a language, and gives each subtitles of a language another name', () => {
    const names = ['film.mp4', 'talk.the-final-cut.srt', 'a/talk.en.srt', 'b/talk.en.srt', 'talk.de.srt'];
    const { captions, left } = shipmentWith(names);
    assert.deepEqual(
      captions.map(({ file, language, name }) => [file.path, language, name]),
      [
        ['a/talk.en.srt', 'en', 'talk.en.srt'],
        ['b/talk.en.srt', 'en', 'talk.en.srt (2)'],
        ['talk.de.srt', 'de', ''],
      ],
    );
    assert.deepEqual(
      left.map(({ path }) => path),
      ['talk.the-final-cut.srt'],
    );
    const [said, spoken] = shipmentWith(names, { language: 'en' }).captions;
    assert.deepEqual([said?.name, spoken?.name], ['talk.the-final-cut.srt', 'talk.en.srt']);
  });

  it('tells subscribers of public videos only', () => {
    const told = (visibility: string) => shipmentWith(['film.mp4'], { notify: true, visibility }).notify;
    assert.deepEqual(['private', 'unlisted', 'public'].map(told), [false, false, true]);
  });
});
