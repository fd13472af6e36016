/**
 * What happens when a call finds that the session is gone. One page has one
 * session, so this is state of the module: the workspace says how to sign in
 * again, every client waits for it, and nobody asks twice at once.
 */
type Recovery = () => Promise<void>;

let recovery: Recovery | null = null;
let underWay: Promise<void> | null = null;
let change: Promise<unknown> | null = null;

/** Answers to what was sent before a change may come this long after it. */
const LATE_ANSWER_MS = 2_000;

/** Runs a call after which the session has another id. What is refused meanwhile was sent with the old one: it is sent again, and nobody is asked to sign in. */
export async function whileSessionChanges<T>(call: Promise<T>): Promise<T> {
  const mine = call.catch(() => undefined);
  change = mine;
  const result = await call.finally(() => {
    setTimeout(() => {
      if (change === mine) change = null;
    }, LATE_ANSWER_MS);
  });
  return result;
}

/** Says how a lost session is found again: resolves once signed in. Replaces what was set before; null for none. */
export function setSessionRecovery(recover: Recovery | null): void {
  recovery = recover;
}

/** Resolves with whether there is a session again; false when nothing can ask for one. */
export async function recoverSession(): Promise<boolean> {
  if (change) {
    await change;
    return true;
  }
  if (!recovery) return false;
  underWay ??= recovery().finally(() => {
    underWay = null;
  });
  await underWay;
  return true;
}
