/** Implements `Scripts`: the opener, badges and commands that other plugins add to the catalog. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Signal } from '@lumino/signaling';
import type { RowBadge, RowBadges, ScriptOpener, Scripts } from '@ved/catalog/contract';
import type { CatalogState } from './catalog-state.ts';

export class WorkspaceScripts implements Scripts {
  /** Badges or toolbar commands changed, or an opener was set. */
  readonly changed = new Signal<this, void>(this);
  readonly scriptCommands = ['catalog:fork', 'catalog:bump-major', 'catalog:delete'];
  /** Null without an editor. */
  opener: ScriptOpener | null = null;
  /** Commands that other plugins add to the panel's toolbar. */
  readonly toolbarCommands: string[] = [];
  private readonly badges: RowBadges[] = [];

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly state: CatalogState,
  ) {}

  get currentId(): number | null {
    return this.state.currentId;
  }

  get focusedId(): number | null {
    return document.activeElement?.closest('.ved-Catalog-list') ? this.state.selectedId : null;
  }

  of({ scriptId, inCatalog }: { readonly scriptId?: unknown; readonly inCatalog?: unknown }): number | null {
    if (typeof scriptId === 'number') return scriptId;
    return inCatalog === true ? this.state.selectedId : (this.focusedId ?? this.state.currentId);
  }

  async open(scriptId: number, options?: { keepFocus?: boolean }): Promise<void> {
    await this.opener?.open(scriptId, options);
  }

  setOpener(opener: ScriptOpener): void {
    if (this.opener) throw new Error('setOpener was called twice');
    this.opener = opener;
    const follow = () => this.state.setOpen(opener.openScripts, opener.currentId);
    opener.changed.connect(follow);
    follow();
    this.changed.emit();
  }

  addRowBadges(badges: RowBadges): void {
    this.badges.push(badges);
    badges.changed.connect(() => this.changed.emit());
    this.changed.emit();
  }

  badgesOf(scriptId: number): RowBadge[] {
    return this.badges.flatMap((badges) => badges.of(scriptId) ?? []);
  }

  addToolbarCommand(command: string): void {
    this.toolbarCommands.push(command);
    this.changed.emit();
  }

  addRowCommand({ command, rank }: { readonly command: string; readonly rank: number }): void {
    this.app.contextMenu.addItem({ command, args: { inCatalog: true }, selector: '.ved-CatalogRow', rank });
  }
}
