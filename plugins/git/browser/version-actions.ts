/** What a person can do with versions: open, compare, bring back. */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { type Catalog, catalogRoutes, type VersionInfo } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import { label } from './history/version-label.ts';

const client = createClient(catalogRoutes);

type Side = number | 'prod' | 'draft';

export class VersionActions {
  constructor(
    private readonly editors: Editors,
    private readonly catalog: Catalog,
  ) {}

  /** `3.02 Clean orders` */
  nameOf(scriptId: number): string {
    const script = this.catalog.find(scriptId);
    return script ? `${script.ordering_number.toFixed(2)} ${script.descriptive_name}` : `Script ${scriptId}`;
  }

  /** At its newest version when none is given. */
  async open(scriptId: number, versionId?: number): Promise<void> {
    await this.orSay(() => this.editors.open(scriptId, { versionId }));
  }

  /** Two versions, prod or the newest version, side by side in the main area. */
  async compare(scriptId: number, from: { side: Side; title: string }, to: { side: Side; title: string }): Promise<void> {
    await this.orSay(async () => {
      const diff = await client.diffScript({ params: { id: scriptId }, query: { from: from.side, to: to.side } });
      const name = this.nameOf(scriptId);
      this.editors.openDiff(
        `${scriptId}-${from.side}-${to.side}`,
        { title: `${name} ${from.title}`, text: diff.from_text },
        { title: `${name} ${to.title}`, text: diff.to_text },
      );
    });
  }

  async revert(scriptId: number, version: VersionInfo): Promise<void> {
    const { button } = await showDialog({
      title: `Revert ${this.nameOf(scriptId)} to ${label(version)}?`,
      body: 'Its text becomes a new version. Nothing that came after is lost.',
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Revert' })],
    });
    if (!button.accept) return;
    const reverted = await this.orSay(() => client.revertScript({ params: { id: scriptId }, body: { version_id: version.id } }));
    if (reverted) Notification.success(`${label(version)} is back as ${label(reverted.version)}.`, { autoClose: 4000 });
  }

  /** Runs an action; what the server refused is shown as it is. */
  async orSay<T>(action: () => Promise<T>): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      Notification.error((error as Error).message, { autoClose: 10_000 });
      return null;
    }
  }
}
