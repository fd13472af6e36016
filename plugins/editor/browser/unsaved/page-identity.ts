/**
 * Which page of a person this is. The name outlives a reload, and a crash whose
 * tab the browser brings back; a duplicated tab gets one of its own. While the
 * page lives it holds a lock of that name, so that others can tell.
 */
import { UUID } from '@lumino/coreutils';

const STORAGE_KEY = 'ved:page';
const LOCK_PREFIX = 'ved:page:';

export interface PageIdentity {
  readonly id: string;
  /** The pages of this browser that are open now, this one included. */
  livePages(): Promise<ReadonlySet<string>>;
}

/** Takes the name that this tab had before, or a new one when another tab has it. */
export async function claimPageIdentity(): Promise<PageIdentity> {
  const before = nameBefore();
  const id = before && (await hold(before)) ? before : await claimNew();
  rememberName(id);
  return { id, livePages: () => livePages(id) };
}

/** A browser that forbids storage gives no name back: then each page is a new one. */
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
    // Forbidden, or full: the next page of this tab finds the text as that of a page that is gone.
  }
}

async function claimNew(): Promise<string> {
  const id = UUID.uuid4();
  await hold(id);
  return id;
}

/** Holds the page's lock until the page ends; false when another page has it. */
function hold(id: string): Promise<boolean> {
  // Without a secure context there are no locks: then a duplicated tab shares its name.
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(LOCK_PREFIX + id, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock ? new Promise(() => undefined) : undefined;
      })
      // Where locks are forbidden it is as if there were none.
      .catch(() => resolve(true));
  });
}

async function livePages(own: string): Promise<ReadonlySet<string>> {
  if (!navigator.locks) return new Set([own]);
  const { held } = await navigator.locks.query();
  const names = (held ?? []).flatMap(({ name }) => (name?.startsWith(LOCK_PREFIX) ? [name.slice(LOCK_PREFIX.length)] : []));
  return new Set([own, ...names]);
}
