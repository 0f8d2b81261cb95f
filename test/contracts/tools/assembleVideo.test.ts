import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram, searchPath } from '../../../server/adapters/sandbox/environment.ts';
import { assembleVideo } from '../../../server/adapters/tools/assembleVideo.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type CommandGround, makeCommandGround } from './commandGround.ts';
import { call, kindOf, value } from './ground.ts';

const media = path.join(import.meta.dirname, '../deliverables/media');
const hasFfmpeg = findProgram('ffmpeg', searchPath(process.env, [])) !== null;

describe('putting a video together', function () {
  this.timeout(60_000);
  let on: CommandGround;
  before(function () {
    if (!hasFfmpeg)
      skipBecause(
        this,
        'ffmpeg is not installed; on Debian: apt-get install -y --no-install-recommends ffmpeg',
      );
  });
  beforeEach(async () => {
    on = await makeCommandGround();
    for (const name of ['a.png', 'a.jpg', 'a.mp3', 'a.mp4']) {
      await on.ground.write(`in/${name}`, await readFile(path.join(media, name)));
    }
    await on.ground.write('in/words.srt', '1\n00:00:00,000 --> 00:00:01,500\nHello é\n');
  });
  afterEach(() => on?.[Symbol.asyncDispose]());

  const tool = () => assembleVideo(on.parts);
  const left = () =>
    readdirSync(tmpdir())
      .filter((name) => name.startsWith('butler-video-'))
      .sort();
  const two = [{ image: 'in/a.png' }, { image: 'in/a.jpg' }];

  it('shows each picture as long as it should, under the speech, with subtitles', async () => {
    const before = await on.ground.snapshot();
    const heard: number[] = [];
    const context = on.ground.context({ progress: (fraction) => void heard.push(fraction) });
    const input = { title: 'Two', slides: two, speech: 'in/a.mp3', subtitles: 'in/words.srt' };
    const { result, plan } = await call(on.ground, tool(), input, context);
    assert.deepEqual(
      plan.effects.map((effect) => effect.kind),
      ['read', 'read', 'read', 'read', 'run'],
    );
    const [file] = result.deliverable?.files ?? [];
    assert.ok(file && result.deliverable?.type === 'video');
    const out = path.join(on.ground.outside, 'out.mp4');
    await writeFile(out, (await on.ground.blobs.get(file.digest)) ?? '');
    const asked = [
      '-v',
      'error',
      '-of',
      'json',
      '-show_entries',
      'format=duration:stream=codec_name,width,height',
      out,
    ];
    const said = JSON.parse(spawnSync('ffprobe', asked, { encoding: 'utf8' }).stdout) as {
      streams: { codec_name: string; width?: number; height?: number }[];
      format: { duration: string };
    };
    assert.deepEqual(
      said.streams.map(({ codec_name, width, height }) => [codec_name, width, height]),
      [
        ['h264', 1280, 720],
        ['aac', undefined, undefined],
        ['mov_text', undefined, undefined],
      ],
    );
    assert.ok(Math.abs(Number(said.format.duration) - 2.16) < 0.2, said.format.duration);
    assert.deepEqual(result.deliverable.metadata.media, [
      {
        file: 'video.mp4',
        form: 'MP4',
        kind: 'video',
        width: 1280,
        height: 720,
        seconds: Number(said.format.duration),
      },
    ]);
    assert.deepEqual(await on.ground.snapshot(), before);
    assert.deepEqual(left(), []);
  });

  it('takes only real pictures and sounds of the workspace, whatever their names say', async () => {
    await on.ground.write('in/list.png', '#EXTM3U\nfile:///etc/passwd\n');
    await on.ground.write('in/cut.png', (await readFile(path.join(media, 'a.png'))).subarray(0, 60));
    await symlink(path.join(media, 'a.png'), path.join(on.ground.workspace, 'in/out.png'));
    const cases: object[] = [
      { slides: [{ image: 'in/list.png' }] },
      { slides: [{ image: 'in/cut.png' }] },
      { slides: [{ image: 'in/a.mp4' }] },
      { slides: [{ image: 'in' }] },
      { slides: [{ image: 'in/none.png' }] },
      { slides: two, speech: 'in/a.png' },
      { slides: two, speech: 'in/words.srt' },
      { slides: [{ image: 'in/a.png', seconds: 3600 }, { image: 'in/a.png', seconds: 3600 }, ...two] },
    ];
    for (const one of cases) {
      const input = tool().input.parse({ title: 'T', ...one });
      assert.equal(kindOf(await tool().plan(input, on.ground.context())), 'invalid', JSON.stringify(one));
    }
    const input = tool().input.parse({ title: 'T', slides: [{ image: 'in/out.png' }] });
    const plan = value(await tool().plan(input, on.ground.context()));
    assert.ok(plan.effects.some((effect) => 'place' in effect && effect.place === 'outside'));
    assert.equal(kindOf(await tool().run(input, plan, on.ground.context())), 'denied');
  });

  it('stops within a second when it is told to, and leaves nothing', async () => {
    const control = new AbortController();
    const input = tool().input.parse({
      title: 'T',
      slides: [{ image: 'in/a.png', seconds: 3600 }],
      size: '1920x1080',
    });
    const context = on.ground.context({ signal: control.signal });
    const plan = value(await tool().plan(input, context));
    const running = tool().run(input, plan, context);
    await new Promise((resolve) => setTimeout(resolve, 700));
    control.abort('abort');
    assert.equal(kindOf(await running), 'cancelled');
    assert.deepEqual(left(), []);
    assert.deepEqual(on.processes.jobs(), []);
  });

  it('takes away what a worker left that died meanwhile, and nothing of one at work', async () => {
    const { pid: dead } = spawnSync('true');
    const folder = (pid: number, word: string) => path.join(tmpdir(), `butler-video-${pid}-${word}`);
    const [gone, ...stay] = [folder(dead, 'old'), folder(dead, 'new'), folder(process.pid, 'old')];
    for (const one of [gone, ...stay]) await mkdir(one);
    for (const one of [gone, folder(process.pid, 'old')]) await utimes(one, 0, 0);
    await call(on.ground, tool(), { title: 'T', slides: [{ image: 'in/a.png', seconds: 1 }] });
    assert.deepEqual(left(), stay.map((one) => path.basename(one)).sort());
    for (const one of stay) await rm(one, { recursive: true });
  });

  it('is refused where a picture changed after it was planned', async () => {
    const input = tool().input.parse({ title: 'T', slides: two });
    const plan = value(await tool().plan(input, on.ground.context()));
    await on.ground.write('in/a.png', await readFile(path.join(media, 'a.jpg')));
    assert.equal(kindOf(await tool().run(input, plan, on.ground.context())), 'conflict');
  });

  it('says what ffmpeg said where it made none, and takes none from the workspace', async () => {
    const bin = path.join(on.ground.workspace, 'bin');
    await mkdir(bin);
    await writeFile(path.join(bin, 'ffmpeg'), '#!/bin/sh\necho stolen > /tmp/stolen\n');
    await chmod(path.join(bin, 'ffmpeg'), 0o755);
    const here = { ...on.parts, environment: { ...process.env, PATH: `${bin}:${process.env.PATH}` } };
    const input = tool().input.parse({ title: 'T', slides: two });
    const plan = value(await assembleVideo(here).plan(input, on.ground.context()));
    assert.ok(!JSON.stringify(plan.exactly).includes(bin));

    await using bare = await makeCommandGround({ programs: [] });
    const wrong = path.join(bare.ground.outside, 'bin');
    await mkdir(wrong, { mode: 0o755 });
    const script = '#!/bin/sh\necho "out_time_us=1"\necho "no encoder here" >&2\nexit 3\n';
    await writeFile(path.join(wrong, 'ffmpeg'), script, { mode: 0o755 });
    await bare.ground.write('in/a.png', await readFile(path.join(media, 'a.png')));
    const environment = { ...process.env, PATH: `${wrong}:${process.env.PATH}` };
    const other = assembleVideo({ ...bare.parts, environment });
    const one = other.input.parse({ title: 'T', slides: [{ image: 'in/a.png' }] });
    const unheld = value(await other.plan(one, bare.ground.context()));
    assert.ok(unheld.effects.some((effect) => effect.kind === 'run' && effect.sandboxed === false));
    const failed = await other.run(one, unheld, bare.ground.context());
    assert.ok(!failed.ok && failed.failure.kind === 'tool');
    assert.match(failed.failure.what, /no encoder here/);
    assert.doesNotMatch(failed.failure.what, /out_time/);
  });
});
