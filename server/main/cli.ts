#!/usr/bin/env node
import { keepYoungSmall, prepareRuntime } from './runtime.ts';

/** What a start takes at most, in ms: a young generation that grows meanwhile spares it a good part of its collections. */
const start = 1_000;

prepareRuntime();
for (const stream of [process.stdout, process.stderr]) stream.on('error', endOfReader);
setTimeout(keepYoungSmall, start).unref();
const { program } = await import('./cli/program.ts');
await program().parseAsync(process.argv);

/** Who reads the output may leave, as `head` does: a job goes on to its end all the same. */
function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
