/** Formats times: how long ago, and the exact time. */

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `just now`, `20 s ago`, `3 m ago`, `2 h ago`, `5 d ago`; the date after a month. A moment in the future (clocks differ) is `just now`. */
export function relativeTime(moment: string | Date, now: Date = new Date()): string {
  const then = new Date(moment);
  const seconds = Math.floor((now.getTime() - then.getTime()) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < MINUTE_S) return `${seconds} s ago`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} m ago`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h ago`;
  if (seconds < 31 * DAY_S) return `${Math.floor(seconds / DAY_S)} d ago`;
  return localDate(then);
}

/** The moment in the user's time zone, to a hundredth of a second: `2026-11-22 08:30:00.12`. */
export function exactTime(moment: string | Date): string {
  const then = new Date(moment);
  const hundredths = Math.floor(then.getMilliseconds() / 10);
  return `${localDate(then)} ${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}.${two(hundredths)}`;
}

/** How many milliseconds until the relative text may change. */
export function nextChangeMs(moment: string | Date, now: Date = new Date()): number {
  const ageMs = now.getTime() - new Date(moment).getTime();
  if (ageMs < MINUTE_S * 1000) return 5000;
  return ageMs < HOUR_S * 1000 ? 20_000 : 10 * MINUTE_S * 1000;
}

function localDate(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
