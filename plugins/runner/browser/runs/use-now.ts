/** The current time, for figures that count up. */
import { useEffect, useState } from 'react';

/** Milliseconds since 1970; updated every `everyMs` while `moving`. */
export function useNow(moving: boolean, everyMs = 200): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [moving, everyMs]);
  return now;
}
