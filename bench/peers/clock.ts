/** Milliseconds of a clock that all processes of a machine share. */
export const monotonic = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;
