/**
 * Identifies this page among those of a person. The name survives a reload, and a
 * crash after which the browser restores the tab; a duplicated tab gets its own.
 * While the page is open it holds a lock with that name, so that others can tell.
 */
import { UUID } from '@lumino/coreutils';

const STORAGE_KEY = 'ved:page';
const LOCK_PREFIX = 'ved:page:';

export interface PageIdentity {
  readonly id: string;
  /** The pages of this browser that are open now, this one included. */
  livePages(): Promise<ReadonlySet<string>>;
}

/** Reuses this tab's previous name, or takes a new one when another tab has it. */
export async function claimPageIdentity(): Promise<PageIdentity> {
  const before = nameBefore();
  const id = before && (await hold(before)) ? before : await claimNew();
  rememberName(id);
  return { id, livePages: () => livePages(id) };
}

/** A browser that blocks storage returns no name: then each page is a new one. */
function nameBefore(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function rememberName(id: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, id);
  } catch {
    // Blocked, or full: the next page of this tab treats the text as that of a closed page.
  }
}

async function claimNew(): Promise<string> {
  const id = UUID.uuid4();
  await hold(id);
  return id;
}

/** Holds the page's lock until the page ends; false when another page has it. */
function hold(id: string): Promise<boolean> {
  // Outside a secure context there are no locks: then a duplicated tab shares its name.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(LOCK_PREFIX + id, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock ? new Promise(() => undefined) : undefined;
      })
      // Blocked locks count as none.
      .catch(() => resolve(true));
  });
}

async function livePages(own: string): Promise<ReadonlySet<string>> {
  if (!navigator.locks) return new Set([own]);
  const { held } = await navigator.locks.query();
  const names = (held ?? []).flatMap(({ name }) => (name?.startsWith(LOCK_PREFIX) ? [name.slice(LOCK_PREFIX.length)] : []));
  return new Set([own, ...names]);
}
