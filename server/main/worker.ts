#!/usr/bin/env node
import { keepYoungSmall, prepareRuntime } from './runtime.ts';

prepareRuntime();
keepYoungSmall();
await import('./languageServer.ts');
