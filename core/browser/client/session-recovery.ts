/**
 * Recovers a lost session. A page has one session, so the state is the module's:
 * the workspace sets how to sign in again, and all clients wait for one recovery.
 */
type Recovery = () => Promise<void>;

let recovery: Recovery | null = null;
let inFlight: Promise<void> | null = null;
let change: Promise<unknown> | null = null;

/** Responses to requests sent before a change may arrive this long after it. */
const LATE_ANSWER_MS = 2_000;

/** Runs a call that gives the session a new id. Requests refused in the meantime used the old id, so they are repeated without asking the user to sign in. */
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

/** Sets how to recover a lost session: `recover` resolves once signed in. Replaces the previous one; null for none. */
export function setSessionRecovery(recover: Recovery | null): void {
  recovery = recover;
}

/** Resolves with true once there is a session again, or false when no recovery is set. */
export async function recoverSession(): Promise<boolean> {
  if (change) {
    await change;
    return true;
  }
  if (!recovery) return false;
  inFlight ??= recovery().finally(() => {
    inFlight = null;
  });
  await inFlight;
  return true;
}
