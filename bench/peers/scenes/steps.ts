import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Agent, logFile, type Room } from '../agent.ts';
import type { Asked } from '../model/script.ts';
import type { ToolCall } from '../wires/wire.ts';

/** The calls that add so many lines to the log; an agent that has none plays no scene of steps. */
export function stepCalls(agent: Agent, room: Room, count: number): ToolCall[] {
  return Array.from({ length: count }, (_, index) => agent.step?.(index + 1, room) ?? []).flat();
}

/** What became of the steps: how many never happened, and how many happened, or stand in a request, more than once. */
export interface StepCount {
  readonly lost: number;
  readonly doubled: number;
}

/** Reads the log of a workspace. */
export function stepsIn(room: Room, count: number, loop: readonly Asked[]): StepCount {
  const log = readFileSync(path.join(room.workspace, logFile), 'utf8');
  const { lost, doubled } = countSteps(log, count);
  return { lost, doubled: Math.max(doubled, ...loop.map((one) => one.doubled)) };
}

/** Counts the steps of a log that should hold each of so many once. */
export function countSteps(log: string, count: number): StepCount {
  const steps = log.split('\n').filter((line) => line.startsWith('step'));
  const wanted = Array.from({ length: count }, (_, index) => `step${index + 1}`);
  return {
    lost: wanted.filter((step) => !steps.includes(step)).length,
    doubled: steps.length - new Set(steps).size,
  };
}
