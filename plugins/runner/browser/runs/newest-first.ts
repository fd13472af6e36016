/** A list of numbered items, newest first: the first page is kept up to date, older ones are loaded on demand. */

import { LiveList } from '@ved/core/browser';
import { type Numbered, withChanged } from './with-changed.ts';

/** The server's page size. */
const PAGE = 100;

export abstract class NewestFirst<T extends Numbered> extends LiveList {
  items: readonly T[] = [];
  /** Whether there are older ones. */
  more = false;
  /** Identifies the current list; responses to requests for an earlier one are ignored. */
  private wanted: object = {};

  /** One page of items with ids below `before`. */
  protected abstract page(before: number | undefined): Promise<T[]>;

  /** Whether an item belongs in the list. */
  protected abstract includes(item: T): boolean;

  reload(): void {
    this.wanted = {};
    this.loadPage(undefined);
  }

  older(): void {
    this.loadPage(this.items.at(-1)?.id);
  }

  protected take(item: T): void {
    if (!this.loaded) return;
    this.items = this.includes(item) ? withChanged(this.items, item, this.more) : this.items.filter(({ id }) => id !== item.id);
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
