import assert from 'node:assert/strict';
import { auth, youtube as officialClient } from '@googleapis/youtube';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { makeGround, value } from '../tools/ground.ts';
import { contextFor, filmParcel, youtubeAt } from './youtubeGround.ts';

describe('the official client of YouTube', () => {
  it('reads what ours published, as ours reads it, and each deletes for the other', async () => {
    await using service = await startYouTube();
    await using ground = await makeGround();
    service.open = true;
    const target = youtubeAt(service.url);
    const config = target.config.parse({ madeForKids: true, tags: ['green'], visibility: 'unlisted' });
    const witness = new auth.OAuth2();
    witness.setCredentials({ access_token: 'any' });
    const official = officialClient({ version: 'v3', auth: witness, rootUrl: `${service.url}/` });
    const parcel = await filmParcel(ground.blobs, 700_000);
    const first = value(await target.publish(parcel, config, contextFor(ground, 'one')));
    const { data: channel } = await official.channels.list({ part: ['contentDetails'], mine: true });
    const uploads = channel.items?.[0]?.contentDetails?.relatedPlaylists?.uploads ?? '';
    const { data: listed } = await official.playlistItems.list({
      part: ['contentDetails'],
      playlistId: uploads,
      maxResults: 50,
    });
    const id = listed.items?.[0]?.contentDetails?.videoId ?? '';
    const { data } = await official.videos.list({ part: ['snippet', 'status'], id: [id] });
    const video = data.items?.[0];
    assert.equal(first.publication.version, video?.id);
    assert.deepEqual(
      [video?.snippet?.title, video?.snippet?.tags, video?.snippet?.categoryId],
      ['A spring in the garden', ['green', 'butler-one'], '22'],
    );
    assert.deepEqual(
      [video?.status?.privacyStatus, video?.status?.selfDeclaredMadeForKids],
      ['unlisted', true],
    );
    await official.videos.delete({ id });
    value(await target.unpublish(first.undo, contextFor(ground, 'undo')));
    const second = value(await target.publish(parcel, config, contextFor(ground, 'two')));
    value(await target.unpublish(second.undo, contextFor(ground, 'undo')));
    const gone = await official.videos.list({ part: ['id'], id: [second.publication.version ?? ''] });
    assert.equal(gone.data.items?.length, 0);
  });
});
