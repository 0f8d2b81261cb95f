#!/usr/bin/env node
import { keepYoungSmall, prepareRuntime } from './runtime.ts';

/** What a start takes at most, in ms: a young generation that grows meanwhile spares it a good part of its collections. */
const start = 1_000;

prepareRuntime();
setTimeout(keepYoungSmall, start).unref();
const { program } = await import('./cli/program.ts');
await program().parseAsync(process.argv);
