import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';
import { digestOf } from './storage/entryRow.ts';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  midnight: () => new Date().setHours(0, 0, 0, 0),
  id: () => stamp(Date.now()) + randomPart(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
  random: () => Math.random(),
  digest: digestOf,
};

/** Digits whose order is that of their codes. */
const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const stampLength = 9;
const randomLength = 11;

/** Milliseconds in base 36, as wide as they will be for the next thousands of years. */
function stamp(ms: number): string {
  return ms.toString(digits.length).padStart(stampLength, '0');
}

function randomPart(): string {
  const bytes = randomBytes(randomLength * 2);
  return Array.from(
    { length: randomLength },
    (_, at) => digits[bytes.readUInt16LE(at * 2) % digits.length],
  ).join('');
}
