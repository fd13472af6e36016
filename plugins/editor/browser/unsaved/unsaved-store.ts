/**
 * Text that is not saved yet, kept in the browser so that a reload or a crash
 * loses nothing. One record for each person, document, part and page: two tabs
 * that change the same script do not overwrite each other's.
 */
import { createStore, del, get, keys, set, type UseStore } from 'idb-keyval';
import type { PageIdentity } from './page-identity.ts';

export type Part = 'content' | 'test-data';

export interface UnsavedText {
  readonly text: string;
  /** The version that it was typed over; null for a new script. */
  readonly baseVersionId: number | null;
  readonly atMs: number;
}

type Key = [username: string, document: string, part: Part, page: string];

export class UnsavedStore {
  private readonly store: UseStore = createStore('ved-unsaved', 'texts');

  constructor(
    private readonly username: string,
    private readonly page: PageIdentity,
  ) {}

  put(document: string, part: Part, text: UnsavedText): Promise<void> {
    return set(this.key(document, part), text, this.store);
  }

  forget(document: string, part: Part): Promise<void> {
    return del(this.key(document, part), this.store);
  }

  /** This page's text, else the newest of a page that is gone, which becomes this page's. Null when there is none. */
  async take(document: string, part: Part): Promise<UnsavedText | null> {
    const own = await get<UnsavedText>(this.key(document, part), this.store);
    if (own) return own;
    const [newest] = await this.left((key) => key[1] === document && key[2] === part);
    if (!newest) return null;
    await this.put(document, part, newest.text);
    await del(newest.key, this.store);
    return newest.text;
  }

  private async left(wanted: (key: Key) => boolean): Promise<{ key: Key; text: UnsavedText }[]> {
    const [all, live] = await Promise.all([keys<Key>(this.store), this.page.livePages()]);
    const chosen = all.filter((key) => key[0] === this.username && !live.has(key[3]) && wanted(key));
    const found = await Promise.all(chosen.map(async (key) => ({ key, text: (await get<UnsavedText>(key, this.store))! })));
    return found.sort((a, b) => b.text.atMs - a.text.atMs);
  }

  private key(document: string, part: Part): Key {
    return [this.username, document, part, this.page.id];
  }
}
