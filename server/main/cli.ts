#!/usr/bin/env node
import { prepareRuntime } from './runtime.ts';

prepareRuntime();
const { program } = await import('./cli/program.ts');
await program().parseAsync(process.argv);
