import type { Today } from '../core/activity/calendar.ts';
import type { Clock } from '../core/ports/clock.ts';

/** The calendar of this machine at this moment. */
export function todayOn({ now }: Pick<Clock, 'now'>): Today {
  const time = now();
  const local = new Date(time);
  return {
    now: time,
    year: local.getFullYear(),
    month: local.getMonth() + 1,
    day: local.getDate(),
    begins: (year, month, day) => new Date(year, month - 1, day).getTime(),
  };
}
