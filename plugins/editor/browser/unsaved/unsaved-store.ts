/**
 * Unsaved text, stored in the browser so that a reload or a crash loses nothing.
 * One record per person, document, part and page: two tabs that edit the same
 * script do not overwrite each other's text.
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
  private readonly store: UseStore = committingEagerly(createStore('ved-unsaved', 'texts'));

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

  /** This page's text, else the newest of a closed page, which becomes this page's. Null when there is none. */
  take(document: string, part: Part): Promise<UnsavedText | null> {
    return answered(this.find(document, part));
  }

  /** The documents with text from this page or from closed pages. */
  async documents(): Promise<string[]> {
    const keys = await answered(this.leftKeys());
    return [...new Set(keys.map((key) => key[1]))];
  }

  /** Moves the text of a document to another name. */
  async rename(document: string, newName: string): Promise<void> {
    for (const part of ['content', 'test-data'] as const) {
      const text = await this.take(document, part);
      if (!text) continue;
      await this.put(newName, part, text);
      await this.forget(document, part);
    }
  }

  private async find(document: string, part: Part): Promise<UnsavedText | null> {
    const own = await this.read(this.key(document, part));
    if (own) return own;
    const [newest] = await this.left((key) => key[1] === document && key[2] === part);
    if (!newest) return null;
    await this.put(document, part, newest.text);
    await del(newest.key, this.store);
    return newest.text;
  }

  private async left(wanted: (key: Key) => boolean): Promise<{ key: Key; text: UnsavedText }[]> {
    const chosen = (await this.leftKeys()).filter((key) => key[3] !== this.page.id && wanted(key));
    const found = await Promise.all(chosen.map(async (key) => ({ key, text: await this.read(key) })));
    return found.filter((each): each is { key: Key; text: UnsavedText } => each.text !== null).sort((a, b) => b.text.atMs - a.text.atMs);
  }

  /** This page's keys, and those of closed pages. */
  private async leftKeys(): Promise<Key[]> {
    const [all, live] = await Promise.all([keys(this.store), this.page.livePages()]);
    return all.filter(isKey).filter((key) => key[0] === this.username && (key[3] === this.page.id || !live.has(key[3])));
  }

  private async read(key: Key): Promise<UnsavedText | null> {
    return unsavedText(await get<unknown>(key, this.store));
  }

  private key(document: string, part: Part): Key {
    return [this.username, document, part, this.page.id];
  }
}

/**
 * Commits each write explicitly. A closing page aborts transactions that wait for
 * the automatic commit, and the last keys would be lost.
 */
function committingEagerly(store: UseStore): UseStore {
  return (mode, callback) =>
    store(mode, (texts) => {
      const done = callback(texts);
      if (mode === 'readwrite') texts.transaction.commit();
      return done;
    });
}

/** A blocked browser database never answers; opening a script must not wait for it. */
const ANSWER_MS = 5000;

async function answered<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Its storage did not respond.')), ANSWER_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** An older version of this page, or another page of this origin, may have left anything there. */
function isKey(key: unknown): key is Key {
  return Array.isArray(key) && key.length === 4 && key.every((part) => typeof part === 'string');
}

/** Null when there is no text, or no base for it. */
function unsavedText(value: unknown): UnsavedText | null {
  if (typeof value !== 'object' || value === null) return null;
  const { text, baseVersionId, atMs } = value as Partial<Record<keyof UnsavedText, unknown>>;
  if (typeof text !== 'string') return null;
  return {
    text,
    baseVersionId: Number.isSafeInteger(baseVersionId) ? (baseVersionId as number) : null,
    atMs: typeof atMs === 'number' && Math.abs(atMs) <= MAX_DATE_MS ? atMs : 0,
  };
}

/** The maximum of a `Date` (ECMAScript, 21.4.1.1). */
const MAX_DATE_MS = 8.64e15;
