// A worker of its own that changes files, so that a test can kill it: `node filer.ts <home> <workspace> <job>`.
import { flushCompileCache } from 'node:module';
import type { Job } from '../../../server/protocol/job.ts';
import { setStage } from '../../support/stage.ts';
import { hire } from '../conversations/crew.ts';
import { filingParts } from './filingParts.ts';

flushCompileCache();
const [home = '', workspace = '', job = ''] = process.argv.slice(2);
const stage = await setStage({ serve: false, home, workspace });
const hand = hire(stage, stage.butler.worker, filingParts(workspace));
await stage.end({ id: job } as Job);
await hand.stop();
await stage.close();
