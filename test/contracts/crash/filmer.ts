// A worker of its own that makes a video, so that a test can kill it: `node filmer.ts <wire> <url> <home> <workspace> <job>`.
import { flushCompileCache } from 'node:module';
import type { Job } from '../../../server/protocol/job.ts';
import { setStage } from '../../support/stage.ts';
import { hire } from '../conversations/crew.ts';
import type { VideoWire } from '../providers/videoStudio.ts';
import { filmParts } from './filmParts.ts';

flushCompileCache();
const [kind = '', url = '', home = '', workspace = '', job = ''] = process.argv.slice(2);
const stage = await setStage({ serve: false, home, workspace });
const hand = hire(stage, stage.butler.worker, filmParts(kind as VideoWire, url));
await stage.end({ id: job } as Job);
await hand.stop();
await stage.close();
