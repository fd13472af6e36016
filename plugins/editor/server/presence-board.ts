/**
 * Who has which script open, in memory, because it is true only while the pages
 * are open. A silent page is forgotten, and pages per person are limited.
 * Invariant: `onChange` is called soon after `list` changes, once for several
 * changes close together, and no timer outlives `close`.
 */
import { personLimits } from '@ved/core/server';
import type { Presence } from '@ved/editor/contract';

/** Minimum time between two calls of `onChange`: each sends everything to everybody, and people do not notice the delay. */
const QUIET_MS = 200;

interface Page {
  readonly username: string;
  open: readonly OpenScript[];
  readonly forget: NodeJS.Timeout;
  /** Resets `typing`, which expires quickly. */
  readonly rest: NodeJS.Timeout;
}

export interface OpenScript {
  readonly script_id: number;
  readonly dirty: boolean;
  readonly typing?: boolean | undefined;
}

export interface PresenceBoardOptions {
  readonly silenceLimitMs: number;
  /** How long somebody counts as typing without another announcement. */
  readonly typingLimitMs: number;
  readonly onChange: (present: Presence[]) => void;
}

export class PresenceBoard {
  private readonly pages = new Map<string, Page>();
  /** What `onChange` last reported, as JSON. */
  private reported = '[]';
  /** Runs for a moment after each check. */
  private quiet: NodeJS.Timeout | null = null;
  private changed = false;

  constructor(private readonly options: PresenceBoardOptions) {}

  /**
   * What a page of a person has open now; nothing open means the page is closed. Page names are unique per person only.
   * Throws TooManyRequests or Unprocessable when the person has too many.
   */
  announce(username: string, page: string, open: readonly OpenScript[]): void {
    const key = `${username}/${page}`;
    if (open.length > 0) this.refuseTooMany(username, key, open);
    this.change(() => {
      this.forget(key);
      if (open.length === 0) return;
      const forget = setTimeout(() => this.change(() => this.forget(key)), this.options.silenceLimitMs);
      const rest = setTimeout(() => this.change(() => this.endTyping(key)), this.options.typingLimitMs);
      this.pages.set(key, { username, open, forget, rest });
    });
  }

  /** Each person and script once, however many pages; dirty and typing when any page is. Sorted. */
  list(): Presence[] {
    const merged = new Map<string, Presence>();
    for (const { username, open } of this.pages.values()) {
      for (const { script_id, dirty, typing = false } of open) {
        const key = `${username}/${script_id}`;
        const known = merged.get(key);
        merged.set(key, { username, script_id, dirty: dirty || known?.dirty === true, typing: typing || known?.typing === true });
      }
    }
    return [...merged.values()].sort((a, b) => a.script_id - b.script_id || (a.username < b.username ? -1 : 1));
  }

  close(): void {
    if (this.quiet) clearTimeout(this.quiet);
    for (const key of [...this.pages.keys()]) this.forget(key);
  }

  private refuseTooMany(username: string, key: string, open: readonly OpenScript[]): void {
    const others = [...this.pages].filter(([other, page]) => page.username === username && other !== key).map(([, page]) => page);
    if (others.length >= personLimits.presencePages.most) throw personLimits.presencePages.refuse();
    const scripts = new Set([open, ...others.map((page) => page.open)].flat().map(({ script_id }) => script_id));
    if (scripts.size > personLimits.presenceScripts.most) throw personLimits.presenceScripts.refuse();
  }

  private forget(key: string): void {
    clearTimeout(this.pages.get(key)?.forget);
    clearTimeout(this.pages.get(key)?.rest);
    this.pages.delete(key);
  }

  private endTyping(key: string): void {
    const page = this.pages.get(key);
    if (page) page.open = page.open.map((script) => ({ ...script, typing: false }));
  }

  private change(act: () => void): void {
    act();
    this.changed = true;
    if (!this.quiet) this.reportChanges();
  }

  /** Reports changes, at most once per interval: checking is slow when much is open. */
  private reportChanges(): void {
    if (!this.changed) return;
    this.changed = false;
    this.quiet = setTimeout(() => {
      this.quiet = null;
      this.reportChanges();
    }, QUIET_MS);
    const present = this.list();
    const now = JSON.stringify(present);
    if (now === this.reported) return;
    this.reported = now;
    this.options.onChange(present);
  }
}
