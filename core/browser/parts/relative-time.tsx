/** How long ago something happened, kept up to date; the exact time on hover. */
import { useEffect, useState } from 'react';
import { exactTime, nextChangeMs, relativeTime } from './time-text.ts';

export interface RelativeTimeProps {
  /** ISO 8601. */
  readonly time: string;
}

export function RelativeTime({ time }: RelativeTimeProps) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setNow(new Date()), nextChangeMs(time, now));
    return () => clearTimeout(timer);
  }, [time, now]);
  return (
    <time dateTime={time} title={exactTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}
