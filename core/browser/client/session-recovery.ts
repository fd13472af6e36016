/**
 * What happens when a call finds that the session is gone. One page has one
 * session, so this is state of the module: the workspace says how to sign in
 * again, every client waits for it, and nobody asks twice at once.
 */
type Recovery = () => Promise<void>;

let recovery: Recovery | null = null;
let underWay: Promise<void> | null = null;

/** Says how a lost session is found again: resolves once signed in. Replaces what was set before; null for none. */
export function setSessionRecovery(recover: Recovery | null): void {
  recovery = recover;
}

/** Resolves with whether there is a session again; false when nothing can ask for one. */
export async function recoverSession(): Promise<boolean> {
  if (!recovery) return false;
  underWay ??= recovery().finally(() => {
    underWay = null;
  });
  await underWay;
  return true;
}
