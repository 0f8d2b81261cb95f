import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { type Crew, calls, says, scripted } from '../conversations/crew.ts';
import { credential } from '../targets/youtubeGround.ts';
import { leadTo } from './channelDetour.ts';
import type { Place } from './place.ts';

/** A channel, to which a film goes that a job made before and a person publishes with the command line. */
export async function onYouTube(): Promise<Place> {
  const service = await startYouTube();
  const leadBack = leadTo(service.url);
  const detour = pathToFileURL(path.join(import.meta.dirname, 'channelDetour.ts')).href;
  return {
    target: { type: 'youtube', config: { madeForKids: false, playlist: 'PLown', language: 'en' } },
    values: { ...credential },
    goods: {
      deliverable: 'video',
      words: async (crew, ability) => ['deliverable', 'publish', '--yes', await filmOf(crew, ability)],
    },
    environment: { BUTLER_CHANNEL: service.url, NODE_OPTIONS: `--import ${detour}` },
    stands: async () =>
      [...service.videos.values()].map(({ id, sha256, snippet, status }) => ({
        film: sha256,
        title: snippet.title,
        status,
        captions: service.captions.filter(({ video }) => video === id).map(({ text }) => text),
        places: service.places.filter(({ video }) => video === id).length,
        thumbnail: service.thumbnails.get(id),
      })),
    close: async () => {
      leadBack();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** Has a job deliver a film that lies in the workspace, with its subtitles and an image; answers the deliverable's id. */
async function filmOf(crew: Crew, ability: string): Promise<string> {
  const { stage } = crew;
  const files = { 'film.mp4': randomBytes(2_500_000), 'film.srt': 'words', 'thumbnail.png': 'x' };
  for (const [name, content] of Object.entries(files))
    await writeFile(path.join(stage.workspace, name), content);
  const taken = Object.keys(files).map((name) => ({ path: name, from: name }));
  const saves = calls('save_deliverable', { title: 'A spring in the garden', type: 'video', files: taken });
  crew.work('camera', { provider: scripted(saves, says('Done.')).provider });
  const job = await stage.end(await stage.hand(ability, 'Deliver the film'));
  await crew.dismiss();
  const [made] = await stage.butler.store.deliverables({ job: job.id, limit: 1 });
  assert.ok(made, JSON.stringify(job.failure));
  return made.id;
}
