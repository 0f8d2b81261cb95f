// A worker of its own that makes a video, so that a test can kill it: `node filmer.ts <wire> <url> <home> <workspace>`.
import { setStage } from '../../support/stage.ts';
import { hire } from '../conversations/crew.ts';
import type { VideoWire } from '../providers/videoStudio.ts';
import { filmParts } from './filmParts.ts';

const [kind = '', url = '', home = '', workspace = ''] = process.argv.slice(2);
const stage = await setStage({ serve: false, home, workspace });
hire(stage, stage.butler.worker, filmParts(kind as VideoWire, url));
setInterval(() => {}, 1000);
