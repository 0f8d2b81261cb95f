// A worker that runs one scripted server and waits to be killed: `node killedHost.ts <folder>`.
import path from 'node:path';
import { good } from '../../../server/protocol/failure.ts';
import { scripted, shortHost, value } from './mcpStage.ts';

const folder = process.argv[2] ?? '';
const host = shortHost(path.join(folder, 'private'));
const place = { key: 'one', digest: 'd'.repeat(64), open: async () => good(scripted(folder, 'one')) };
value(await host.offer(place));
process.stdout.write('ready\n');
setInterval(() => void host.offer(place), 100);
