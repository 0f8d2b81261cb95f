import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { ofEachTest } from '../../support/ofEachTest.ts';
import { credential, youtubeAt } from '../targets/youtubeGround.ts';
import { calls, crewOfEachTest } from './crew.ts';

/** Keeps the film of the workspace as a deliverable. */
export const savesFilm = calls('save_deliverable', {
  title: 'Spring',
  files: [{ path: 'film.mp4', from: 'film.mp4' }],
});

/** A crew for each test of the suite in which this stands, with a film of so many bytes and a channel behind a door. */
export function uploadersOfEachTest(bytes: number) {
  const { crew, stage } = crewOfEachTest();
  const service = ofEachTest(startYouTube);
  const door = ofEachTest(() => startFaultProxy({ port: service.port }));
  /** What a worker has beside the stage's parts; its target knows nothing of the one before. */
  const parts = () => ({
    targets: [youtubeAt(`http://127.0.0.1:${door.port}`)],
    credential: async () => credential,
  });
  const film = (size: number) => writeFile(path.join(stage.workspace, 'film.mp4'), randomBytes(size));
  beforeEach(async () => {
    await film(bytes);
    const target = { type: 'youtube', config: { madeForKids: false } };
    const draft = { name: 'Films', description: '', provider: 'offline', model: '', prompt: '' };
    const ability = { ...draft, deliverable: 'video', target } as const;
    const made = await createAbility({ ...stage.butler, ...parts() }, { draft: ability }, 'person:test');
    assert.ok(made.ok, JSON.stringify(made));
  });
  return { crew, stage, service, door, parts, film };
}
