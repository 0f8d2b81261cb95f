#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

/** The worker's entry: what it loads is compiled once and kept, so the rest stands in a module of its own. */
enableCompileCache();
await import('./languageServer.ts');
