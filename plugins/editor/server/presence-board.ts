/**
 * Who has which script open, in memory: it is true only while the pages live.
 * A page that falls silent is forgotten. Invariant: `onChange` is called after
 * each change of what `list` answers, and no timer outlives `close`.
 */
import type { Presence } from '@ved/editor/contract';

interface Page {
  readonly username: string;
  readonly open: readonly OpenScript[];
  readonly forget: NodeJS.Timeout;
}

export interface OpenScript {
  readonly script_id: number;
  readonly dirty: boolean;
}

export class PresenceBoard {
  readonly #pages = new Map<string, Page>();

  constructor(private readonly options: { readonly silenceLimitMs: number; readonly onChange: (present: Presence[]) => void }) {}

  /** What a page of a person has open now; nothing open is as good as gone. Pages are told apart within a person only. */
  announce(username: string, page: string, open: readonly OpenScript[]): void {
    const key = `${username}/${page}`;
    this.#change(() => {
      clearTimeout(this.#pages.get(key)?.forget);
      this.#pages.delete(key);
      if (open.length === 0) return;
      const forget = setTimeout(() => this.#change(() => this.#pages.delete(key)), this.options.silenceLimitMs);
      this.#pages.set(key, { username, open, forget });
    });
  }

  /** Each person and script once, whatever number of pages; dirty when any of the pages is. Sorted. */
  list(): Presence[] {
    const merged = new Map<string, Presence>();
    for (const { username, open } of this.#pages.values()) {
      for (const { script_id, dirty } of open) {
        const key = `${username}/${script_id}`;
        merged.set(key, { username, script_id, dirty: dirty || (merged.get(key)?.dirty ?? false) });
      }
    }
    return [...merged.values()].sort((a, b) => a.script_id - b.script_id || a.username.localeCompare(b.username));
  }

  close(): void {
    for (const { forget } of this.#pages.values()) clearTimeout(forget);
    this.#pages.clear();
  }

  #change(act: () => void): void {
    const before = JSON.stringify(this.list());
    act();
    const after = this.list();
    if (JSON.stringify(after) !== before) this.options.onChange(after);
  }
}
