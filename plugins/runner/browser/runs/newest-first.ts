/** A list of what the server numbers, newest first: its first page is kept up to date, older ones follow on demand. */
import { LiveList } from '@ved/core/browser';
import { type Numbered, withChanged } from './with-changed.ts';

/** What the server answers with at a time. */
const PAGE = 100;

export abstract class NewestFirst<T extends Numbered> extends LiveList {
  items: readonly T[] = [];
  /** Whether there are older ones. */
  more = false;
  /** What the list is of; answers to what was asked for another are left out. */
  private wanted: object = {};

  /** One page, of ids below `before`. */
  protected abstract page(before: number | undefined): Promise<T[]>;

  /** Whether it belongs into the list. */
  protected abstract holds(item: T): boolean;

  reload(): void {
    this.wanted = {};
    this.loadPage(undefined);
  }

  older(): void {
    this.loadPage(this.items.at(-1)?.id);
  }

  protected take(item: T): void {
    if (!this.loaded) return;
    this.items = this.holds(item) ? withChanged(this.items, item, this.more) : this.items.filter(({ id }) => id !== item.id);
    this.changed.emit();
  }

  private loadPage(before: number | undefined): void {
    const { wanted } = this;
    void this.load(
      () => this.page(before),
      () => this.wanted === wanted && (before === undefined || this.items.at(-1)?.id === before),
      (page) => {
        this.items = before === undefined ? page : [...this.items, ...page];
        this.more = page.length === PAGE;
      },
    );
  }
}
