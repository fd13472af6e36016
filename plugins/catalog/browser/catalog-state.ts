/** The panel's state besides the list: the selected row, the filter, and which scripts are open or have unsaved changes. */
import { Signal } from '@lumino/signaling';

export class CatalogState {
  readonly changed = new Signal<this, void>(this);
  #selectedId: number | null = null;
  #query = '';
  #open: ReadonlyMap<number, { dirty: boolean }> = new Map();
  #currentId: number | null = null;

  /** The row that keys and the context menu act on. */
  get selectedId(): number | null {
    return this.#selectedId;
  }
  select(id: number | null): void {
    if (id === this.#selectedId) return;
    this.#selectedId = id;
    this.changed.emit();
  }

  get query(): string {
    return this.#query;
  }
  search(query: string): void {
    this.#query = query;
    this.changed.emit();
  }

  /** The script in the last used editor. */
  get currentId(): number | null {
    return this.#currentId;
  }
  get open(): ReadonlyMap<number, { dirty: boolean }> {
    return this.#open;
  }
  /** Records which scripts the editors have open. */
  setOpen(open: ReadonlyMap<number, { dirty: boolean }>, currentId: number | null): void {
    this.#open = open;
    this.#currentId = currentId;
    this.changed.emit();
  }
}
