/** The panel's state besides the list: the selected row, the filter, and which scripts are open or have unsaved changes. */
import { Signal } from '@lumino/signaling';

export class CatalogState {
  readonly changed = new Signal<this, void>(this);
  private selectedScriptId: number | null = null;
  private queryText = '';
  private openScripts: ReadonlyMap<number, { dirty: boolean }> = new Map();
  private currentScriptId: number | null = null;

  /** The row that keys and the context menu act on. */
  get selectedId(): number | null {
    return this.selectedScriptId;
  }
  select(id: number | null): void {
    if (id === this.selectedScriptId) return;
    this.selectedScriptId = id;
    this.changed.emit();
  }

  get query(): string {
    return this.queryText;
  }
  search(query: string): void {
    this.queryText = query;
    this.changed.emit();
  }

  /** The script in the last used editor. */
  get currentId(): number | null {
    return this.currentScriptId;
  }
  get open(): ReadonlyMap<number, { dirty: boolean }> {
    return this.openScripts;
  }
  /** Records which scripts the editors have open. */
  setOpen(open: ReadonlyMap<number, { dirty: boolean }>, currentId: number | null): void {
    this.openScripts = open;
    this.currentScriptId = currentId;
    this.changed.emit();
  }
}
