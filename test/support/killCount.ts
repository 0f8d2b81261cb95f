/** How many deaths a test plays: as many as usual, unless BUTLER_KILLS asks for a number; `all` are fifty. */
export function killCount(usual: number): number {
  const asked = process.env.BUTLER_KILLS ?? '';
  if (asked === '') return usual;
  const count = asked === 'all' ? 50 : Number(asked);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`BUTLER_KILLS is "${asked}". It wants "all" or a whole number from 1 on.`);
}
