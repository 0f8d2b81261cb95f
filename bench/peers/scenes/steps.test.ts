import assert from 'node:assert/strict';
import { countSteps } from './steps.ts';

describe('the log of steps', () => {
  const log = (...steps: number[]) => `begin\n${steps.map((step) => `step${step}\n`).join('')}`;

  it('is right where each step stands in it once', () => {
    assert.deepEqual(countSteps(log(1, 2, 3), 3), { lost: 0, doubled: 0 });
  });

  it('shows the steps that never happened', () => {
    assert.deepEqual(countSteps(log(1), 3), { lost: 2, doubled: 0 });
  });

  it('shows a step that happened twice', () => {
    assert.deepEqual(countSteps(log(1, 2, 2, 3), 3), { lost: 0, doubled: 1 });
  });
});
