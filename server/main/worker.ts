#!/usr/bin/env node
import { prepareRuntime } from './runtime.ts';

prepareRuntime();
await import('./languageServer.ts');
