#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { program } = await import('./cli/program.ts');
await program().parseAsync(process.argv);
