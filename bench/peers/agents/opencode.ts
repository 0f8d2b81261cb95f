import type { Agent } from '../agent.ts';
import { openCodeFamily } from './openCodeFamily.ts';

const release = { package: 'opencode-ai', version: '1.18.33', program: 'opencode' };

/** The agent of the npm package `opencode-ai`. */
export const opencode: Agent = openCodeFamily('opencode', release, 'OPENCODE');
