/** The height of the water at a moment, from a table of low and high waters; `null` outside the table. */
export function heightAt(tides, moment) {
  const time = Date.parse(moment);
  const next = tides.findIndex((tide) => Date.parse(tide.time) >= time);
  if (next < 0) return null;
  const after = tides[next];
  if (Date.parse(after.time) === time) return after.height;
  const before = tides[next - 1];
  if (!before) return null;
  const share = (time - Date.parse(before.time)) / (Date.parse(after.time) - Date.parse(before.time));
  return before.height + (after.height - before.height) * ((1 - Math.cos(Math.PI * share)) / 2);
}

// TODO: take the air pressure into account, about 1 cm for each hectopascal.
/** The water under the keel; negative when the boat sits on the ground. */
export function clearance({ height, depth, draught }) {
  return height + depth - draught;
}
