/** Reports state that the server refused to save. The layout changes with every click, so one message covers many refusals. */
const QUIET_MS = 10 * 60_000;

/** Returns a handler of refusals that reports each message at most once in ten minutes. */
export function reportOnce(report: (message: string) => void, now: () => number = Date.now): (error: unknown) => void {
  const reportedAt = new Map<string, number>();
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    if (now() - (reportedAt.get(reason) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    reportedAt.set(reason, now());
    report(`Your layout or a setting could not be saved on the server, and will be lost when this page is closed. ${reason}`);
  };
}
