/** How long one that publishes holds others off after its last sign of life, in ms. */
export const youth = 10 * 60_000;
