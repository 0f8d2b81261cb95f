/** A time to come as a person reads it: the time of day, with the day where that is not today. */
export function clockTime(time: number, now: number): string {
  const there = new Date(time);
  const isToday = there.toDateString() === new Date(now).toDateString();
  const day = isToday ? '' : `${there.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, `;
  return day + there.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** The time that a person names: a day begins at midnight here. NaN where it is none. */
export function namedTime(text: string): number {
  return Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
}
