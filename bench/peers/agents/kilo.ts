import type { Agent } from '../agent.ts';
import { openCodeFamily } from './openCodeFamily.ts';

const release = { package: '@kilocode/cli', version: '7.7.7', program: 'kilo' };

/** The command line of Kilo (https://github.com/Kilo-Org/kilocode), made from opencode. */
export const kilo: Agent = openCodeFamily('kilo', release, 'KILO');
