import assert from 'node:assert/strict';
import { kindOf, value } from '../tools/ground.ts';
import { contextFor, credential, filmParcel, youtubeOfEachTest } from './youtubeGround.ts';

describe('the youtube target', () => {
  const { service, ground, target, config } = youtubeOfEachTest();

  it('wants to be told whether videos are made for kids, and says each field to a person', () => {
    const missing = target.config.safeParse({});
    assert.deepEqual(
      missing.error?.issues.map(({ path }) => path.join('.')),
      ['madeForKids'],
    );
    for (const wrong of [{ title: 'a<b' }, { category: 'Film' }, { visibility: 'friends' }, { channel: 'x' }])
      assert.ok(!target.config.safeParse({ madeForKids: true, ...wrong }).success);
  });

  it('asks nothing of the network before its account is connected', async () => {
    const parcel = await filmParcel(ground.blobs, 1000);
    const context = contextFor(ground, 'x', { credential: async () => null });
    assert.equal(kindOf(await target.plan(parcel, config(), context)), 'auth');
    assert.equal(kindOf(await target.publish(parcel, config(), context)), 'auth');
    await assert.rejects(target.reconcile(parcel, config(), context));
    assert.equal((await target.check?.(config(), context))?.[0]?.good, false);
    assert.deepEqual(service.log, []);
  });

  it('shows the channel, the title, who can see it, and what stays here', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, { 'film.en.srt': '1', 'notes.txt': 'n' });
    const given = config({
      visibility: 'public',
      tags: ['green'],
      notify: true,
      description: 'How it grows.',
    });
    const plan = value(await target.plan(parcel, given, contextFor(ground, 'x')));
    assert.equal(plan.address, 'https://www.youtube.com/channel/UCbutlerbutlerbutlerbutl');
    assert.ok(plan.effect.kind === 'publish' && plan.effect.place === 'outside');
    assert.equal(plan.preview.visibility, 'public');
    assert.deepEqual(
      plan.preview.files.map(({ path, change }) => [path, change]),
      [
        ['film.mp4', 'create'],
        ['film.en.srt', 'create'],
      ],
    );
    const notes = plan.preview.notes?.join('\n') ?? '';
    for (const said of [/"Garden".*"A spring in the garden".*not made for kids/, /subscribers/, /notes\.txt/])
      assert.match(notes, said);
    assert.deepEqual([service.videos.size, service.sessions.size], [0, 0], 'planning changes nothing');
    const again = value(await target.plan(parcel, given, contextFor(ground, 'y')));
    assert.deepEqual(again.exactly, plan.exactly, 'the same is the same for another execution');
    const other = value(
      await target.plan(parcel, config({ visibility: 'unlisted' }), contextFor(ground, 'x')),
    );
    assert.notDeepEqual(other.exactly, plan.exactly);
  });

  it('uploads with all that belongs to it, finds it again, and takes all of it back', async () => {
    const parcel = await filmParcel(ground.blobs, 1_500_000, {
      'film.en.srt': 'subtitles',
      'thumbnail.png': 'an image',
    });
    const given = config({ tags: ['green'], playlist: 'PLown', visibility: 'unlisted' });
    const told: number[] = [];
    const context = contextFor(ground, 'run-1', { progress: (fraction) => told.push(fraction) });
    const published = value(await target.publish(parcel, given, context));
    const [video] = [...service.videos.values()];
    assert.ok(video);
    assert.equal(video.sha256, parcel.sha256);
    assert.deepEqual(video.snippet.tags, ['green', 'butler-run-1']);
    assert.deepEqual([video.status.privacyStatus, video.status.selfDeclaredMadeForKids], ['unlisted', false]);
    assert.deepEqual(
      service.captions.map(({ language, text }) => [language, text]),
      [['en', 'subtitles']],
    );
    assert.deepEqual([service.thumbnails.get(video.id), service.places.length], [8, 1]);
    assert.equal(published.publication.location, `https://www.youtube.com/watch?v=${video.id}`);
    assert.equal(published.publication.visibility, 'unlisted');
    assert.ok(told.length >= 3 && told.at(-1) === 1);
    assert.deepEqual(await target.reconcile(parcel, given, context.again()), published);
    assert.deepEqual(
      await target.reconcile(parcel, given, contextFor(ground, 'run-1')),
      published,
      'by its tag',
    );
    assert.equal(await target.reconcile(parcel, given, contextFor(ground, 'run-2')), null);
    assert.deepEqual([service.captions.length, service.places.length, service.videos.size], [1, 1, 1]);
    const undo = JSON.parse(JSON.stringify(published.undo)) as unknown;
    value(await target.unpublish(undo, contextFor(ground, 'undo')));
    assert.deepEqual([service.videos.size, service.places.length], [0, 0]);
    value(await target.unpublish(undo, contextFor(ground, 'undo')));
  });

  it('takes words of every script, in names of files too', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, {
      '日本/ü🙂 (1).de.srt': 'Grüße 🙂',
      '-rf.fr.srt': 'é',
    });
    const given = config({ title: 'Übung "日本" 🙂', description: 'e\u0301 & ü', tags: ['grün 日本'] });
    const { undo } = value(await target.publish(parcel, given, contextFor(ground, 'words')));
    const [video] = [...service.videos.values()];
    const { title, description } = video?.snippet ?? {};
    assert.deepEqual([title, description], ['Übung "日本" 🙂', 'e\u0301 & ü']);
    assert.deepEqual(service.captions.map(({ language, text }) => [language, text]).sort(), [
      ['de', 'Grüße 🙂'],
      ['fr', 'é'],
    ]);
    value(await target.unpublish(undo, contextFor(ground, 'undo')));
    assert.equal(service.videos.size, 0);
  });

  it('keeps neither the way to an upload nor a token where others could read it', async () => {
    const parcel = await filmParcel(ground.blobs, 1000);
    const notes: unknown[] = [];
    const note = async (one: unknown) => void notes.push(one);
    const published = value(await target.publish(parcel, config(), contextFor(ground, 'x', { note })));
    const said = JSON.stringify([notes, published]);
    assert.equal(notes.length, 1);
    for (const secret of [...service.sessions.keys(), ...service.access, 'refresh-good'])
      assert.ok(!said.includes(secret));
  });

  it('takes nothing back that a person changed since, or opened to more people', async () => {
    const parcel = await filmParcel(ground.blobs, 1000);
    const { undo } = value(await target.publish(parcel, config(), contextFor(ground, 'x')));
    const [video] = [...service.videos.values()];
    assert.ok(video);
    for (const spoil of [
      () => Object.assign(video.status, { privacyStatus: 'public' }),
      () => Object.assign(video.snippet, { title: 'By a person' }),
      () => Object.assign(video.snippet, { tags: [] }),
    ]) {
      const before = structuredClone({ snippet: video.snippet, status: video.status });
      spoil();
      assert.equal(kindOf(await target.unpublish(undo, contextFor(ground, 'undo'))), 'conflict');
      Object.assign(video, before);
    }
    video.status.privacyStatus = 'private';
    value(await target.unpublish(undo, contextFor(ground, 'undo')));
    assert.equal(service.videos.size, 0);
  });

  it('leaves nothing when what belongs to the video is refused', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, { 'thumbnail.png': 'an image' });
    service.faults.push({ path: 'thumbnails', status: 403, reason: 'forbidden', message: 'Not verified.' });
    assert.equal(kindOf(await target.publish(parcel, config(), contextFor(ground, 'x'))), 'denied');
    const listed = await filmParcel(ground.blobs, 1000);
    const given = config({ playlist: 'gone' });
    const outcome = await target.publish(listed, given, contextFor(ground, 'y'));
    assert.equal(outcome.ok ? '' : outcome.failure.field, 'target.config.playlist');
    assert.equal(service.videos.size, 0);
  });

  it('says what is wrong with a deliverable before anything is asked', async () => {
    const film = await filmParcel(ground.blobs, 10);
    const [file] = film.files;
    assert.ok(file);
    const parcels = [
      { ...film, files: [{ ...file, path: 'notes.txt' }] },
      { ...film, files: [file, { ...file, path: 'two.mov' }] },
      { ...film, files: [{ ...file, size: 0 }] },
      { ...film, files: [file, { ...file, path: 'film.en.srt', size: 0 }] },
      { ...film, files: [file, { ...file, path: 'thumbnail.png', size: 0 }] },
      { ...film, files: [{ ...file, size: 3e11 }] },
      { ...film, title: 'x'.repeat(101) },
      { ...film, title: 'a <b>' },
    ];
    for (const parcel of parcels)
      assert.equal(kindOf(await target.plan(parcel, config(), contextFor(ground, 'x'))), 'invalid');
    const named = config({ thumbnail: 'cover.png' });
    assert.equal(kindOf(await target.plan(film, named, contextFor(ground, 'x'))), 'invalid');
    const tags = config({ tags: Array.from({ length: 12 }, (_, index) => `${'t'.repeat(40)}${index}`) });
    assert.equal(kindOf(await target.plan(film, tags, contextFor(ground, 'x'))), 'invalid');
    assert.deepEqual(service.log, []);
  });

  it('looks at channel and sign-in without writing', async () => {
    const context = contextFor(ground, 'x');
    const good = await target.check?.(config({ channel: '@Garden' }), context);
    assert.ok(good?.every((finding) => finding.good));
    const other = await target.check?.(config({ channel: '@kitchen' }), context);
    assert.deepEqual([other?.length, other?.[0]?.good], [1, false]);
    service.channel = null;
    assert.match((await target.check?.(config(), context))?.[0]?.what ?? '', /no YouTube channel/);
    const gone = { credential: async () => ({ ...credential, refreshToken: 'refresh-revoked' }) };
    const finding = (await target.check?.(config(), contextFor(ground, 'x', gone)))?.[0];
    assert.ok(finding?.mend && !finding.good);
    assert.ok(service.log.every((line) => line.startsWith('GET') || line === 'POST /token'));
  });
});
