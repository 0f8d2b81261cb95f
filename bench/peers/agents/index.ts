import type { Agent } from '../agent.ts';
import { butler } from './butler.ts';
import { claudeCode } from './claudeCode.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { continueCli } from './continue.ts';
import { floor } from './floor.ts';
import { geminiCli } from './geminiCli.ts';
import { kilo } from './kilo.ts';
import { openclaw } from './openclaw.ts';
import { opencode } from './opencode.ts';
import { pi } from './pi.ts';
import { qwenCode } from './qwenCode.ts';

/** Every agent, in the order of the report. */
export const agents: readonly Agent[] = [
  floor,
  butler,
  pi,
  codex,
  claudeCode,
  continueCli,
  geminiCli,
  qwenCode,
  cline,
  opencode,
  kilo,
  openclaw,
];
