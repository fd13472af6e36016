/**
 * Who has which script open, in memory: it is true only while the pages live.
 * A page that falls silent is forgotten. Invariant: `onChange` is called after
 * each change of what `list` answers, and no timer outlives `close`.
 */
import type { Presence } from '@ved/editor/contract';

interface Page {
  readonly username: string;
  open: readonly OpenScript[];
  readonly forget: NodeJS.Timeout;
  /** Ends what was said of typing, which is true for a moment only. */
  readonly rest: NodeJS.Timeout;
}

export interface OpenScript {
  readonly script_id: number;
  readonly dirty: boolean;
  readonly typing?: boolean | undefined;
}

export interface PresenceBoardOptions {
  readonly silenceLimitMs: number;
  /** How long somebody counts as typing who says nothing more. */
  readonly typingLimitMs: number;
  readonly onChange: (present: Presence[]) => void;
}

export class PresenceBoard {
  readonly #pages = new Map<string, Page>();

  constructor(private readonly options: PresenceBoardOptions) {}

  /** What a page of a person has open now; nothing open is as good as gone. Pages are told apart within a person only. */
  announce(username: string, page: string, open: readonly OpenScript[]): void {
    const key = `${username}/${page}`;
    this.#change(() => {
      this.#forget(key);
      if (open.length === 0) return;
      const forget = setTimeout(() => this.#change(() => this.#forget(key)), this.options.silenceLimitMs);
      const rest = setTimeout(() => this.#change(() => this.#endTyping(key)), this.options.typingLimitMs);
      this.#pages.set(key, { username, open, forget, rest });
    });
  }

  /** Each person and script once, whatever number of pages; dirty and typing when any of the pages is. Sorted. */
  list(): Presence[] {
    const merged = new Map<string, Presence>();
    for (const { username, open } of this.#pages.values()) {
      for (const { script_id, dirty, typing = false } of open) {
        const key = `${username}/${script_id}`;
        const known = merged.get(key);
        merged.set(key, { username, script_id, dirty: dirty || known?.dirty === true, typing: typing || known?.typing === true });
      }
    }
    return [...merged.values()].sort((a, b) => a.script_id - b.script_id || a.username.localeCompare(b.username));
  }

  close(): void {
    for (const key of [...this.#pages.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    clearTimeout(this.#pages.get(key)?.forget);
    clearTimeout(this.#pages.get(key)?.rest);
    this.#pages.delete(key);
  }

  #endTyping(key: string): void {
    const page = this.#pages.get(key);
    if (page) page.open = page.open.map((script) => ({ ...script, typing: false }));
  }

  #change(act: () => void): void {
    const before = JSON.stringify(this.list());
    act();
    const after = this.list();
    if (JSON.stringify(after) !== before) this.options.onChange(after);
  }
}
