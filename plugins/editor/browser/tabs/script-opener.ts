/** The editors as the catalog sees them: opens scripts, and says which are open. */
import { Signal } from '@lumino/signaling';
import type { ScriptOpener } from '@ved/catalog/contract';
import type { OpenScript } from './open-script.ts';
import type { ScriptTabs } from './script-tabs.ts';

export class TabsAsOpener implements ScriptOpener {
  readonly changed = new Signal<this, void>(this);

  constructor(private readonly tabs: ScriptTabs) {
    const notify = () => this.changed.emit();
    const follow = (script: OpenScript) => script.changed.connect(notify);
    tabs.all.forEach(follow);
    tabs.scriptOpened.connect((_, { script }) => script && follow(script));
    tabs.currentChanged.connect(notify);
  }

  get openScripts(): ReadonlyMap<number, { readonly dirty: boolean }> {
    return new Map(this.tabs.all.flatMap((script) => (script.scriptId === null ? [] : [[script.scriptId, script] as const])));
  }

  get currentId(): number | null {
    return this.tabs.current?.scriptId ?? null;
  }

  open(scriptId: number, options?: { keepFocus?: boolean }): Promise<unknown> {
    return this.tabs.open(scriptId, options);
  }

  openNew(): Promise<unknown> {
    return this.tabs.openNew();
  }

  async save(scriptId: number): Promise<boolean> {
    const changed = this.tabs.all.find((script) => script.scriptId === scriptId && script.dirty);
    return changed ? changed.save() : true;
  }
}
