import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearance, heightAt } from '../src/tide.js';

const tides = [
  { time: '2026-03-01T04:00', height: 1 },
  { time: '2026-03-01T10:00', height: 5 },
];

test('half way between low and high water the height is half way', () => {
  assert.equal(heightAt(tides, '2026-03-01T07:00'), 3);
});

test('outside the table there is no height', () => {
  assert.equal(heightAt(tides, '2026-03-02T00:00'), null);
});

// TODO: test a falling tide as well.
test('a boat that is too deep sits on the ground', () => {
  assert.ok(clearance({ height: 1, depth: 0, draught: 1.8 }) < 0);
});
