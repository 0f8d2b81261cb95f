import { anthropic } from './anthropicScenes.ts';
import { offline } from './offlineScenes.ts';
import { providerContract } from './suite.ts';

for (const subject of [offline, anthropic]) providerContract(subject);
