import { approvalSurface } from './approvalSurface.ts';
import { commandSurface } from './commandSurface.ts';
import { injectionSurface } from './injectionSurface.ts';
import { mcpSurface } from './mcpSurface.ts';
import { pageSurface } from './pageSurface.ts';
import { pathSurface } from './pathSurface.ts';
import { publishSurface } from './publishSurface.ts';
import type { Surface } from './surface.ts';

/** Every place where hostile text comes in, by the word that a case names it with. */
export const surfaces: Readonly<Record<string, Surface>> = {
  approval: approvalSurface,
  command: commandSurface,
  injection: injectionSurface,
  mcp: mcpSurface,
  page: pageSurface,
  path: pathSurface,
  publish: publishSurface,
};
