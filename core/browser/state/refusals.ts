/** Says what the server would not keep. The layout changes with every click: one sentence is enough for many refusals. */
const QUIET_MS = 10 * 60_000;

/** Hears of refusals, and says each sentence once in ten minutes. */
export function sayOnce(say: (message: string) => void, now: () => number = Date.now): (error: unknown) => void {
  const saidAt = new Map<string, number>();
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    if (now() - (saidAt.get(reason) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    saidAt.set(reason, now());
    say(`Your layout or a setting is not kept on the server, and is lost when this page is closed. ${reason}`);
  };
}
