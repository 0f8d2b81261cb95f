import { createHash } from 'node:crypto';

/**
 * Gives the ids of tool calls a form that a service takes: another provider may have made them. One that fits
 * stays as it is; another always becomes the same.
 */
export function fittingIds(fits: RegExp, length: number): (id: string) => string {
  return (id) => (fits.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, length));
}
