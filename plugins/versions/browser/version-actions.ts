/** What a person can do with versions: open, compare, revert to, take off prod. */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { type Catalog, catalogRoutes, type ScriptDetail, type VersionInfo, versionName } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import type { MergeFlow } from './merge/merge-flow.tsx';

const client = createClient(catalogRoutes);

type Side = number | 'prod' | 'draft';

export class VersionActions {
  constructor(
    private readonly editors: Editors,
    private readonly catalog: Catalog,
    private readonly flow: MergeFlow,
  ) {}

  /** `3.02 Clean orders` */
  nameOf(scriptId: number): string {
    const script = this.catalog.find(scriptId);
    return script ? `${script.ordering_number.toFixed(2)} ${script.descriptive_name}` : `Script ${scriptId}`;
  }

  /** At its newest version when none is given. */
  async open(scriptId: number, versionId?: number): Promise<void> {
    await this.notifyOnError(() => this.editors.open(scriptId, { versionId }));
  }

  /** Two versions, prod or the newest version, side by side in the Main Area. */
  async compare(scriptId: number, from: { side: Side; title: string }, to: { side: Side; title: string }): Promise<void> {
    await this.notifyOnError(async () => {
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
    const onProd = this.catalog.find(scriptId)?.prod_version;
    const prodWords = onProd ? ` Prod runs ${versionName(onProd)} until you merge.` : '';
    const { button } = await showDialog({
      title: `Revert ${this.nameOf(scriptId)} to ${versionName(version)}?`,
      body: `Its text becomes a new version. Later versions are not lost.${prodWords}`,
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Revert' })],
    });
    if (!button.accept) return;
    const reverted = await this.notifyOnError(() => client.revertScript({ params: { id: scriptId }, body: { version_id: version.id } }));
    if (reverted) this.notifyReverted(version, reverted);
  }

  /** A reverted text is not on prod yet: says so, and offers to merge it. */
  private notifyReverted(version: VersionInfo, reverted: ScriptDetail): void {
    const { id, prod_version, prod_state } = reverted;
    const back = `Reverted ${this.nameOf(id)} to ${versionName(version)}, as ${versionName(reverted.version)}.`;
    if (prod_version && prod_state !== 'same') {
      const merge = {
        label: `Merge ${versionName(reverted.version)} to prod…`,
        callback: () => void this.publish(id, reverted.version.id),
      };
      Notification.warning(`${back} Prod still runs ${versionName(prod_version)}.`, { autoClose: 60_000, actions: [merge] });
      return;
    }
    const prod = prod_version ? ` Prod already runs that text, as ${versionName(prod_version)}.` : '';
    Notification.success(back + prod, { autoClose: 6000 });
  }

  /** With the review. */
  private async publish(scriptId: number, versionId: number): Promise<void> {
    if (await this.flow.merge(scriptId, versionId)) await this.catalog.refresh();
  }

  /** Asks first; can be undone. */
  async unpublish(scriptId: number): Promise<void> {
    const prod = this.catalog.find(scriptId)?.prod_version;
    if (!prod) return;
    const { button } = await showDialog({
      title: `Take ${this.nameOf(scriptId)} off prod?`,
      body: `Prod runs ${versionName(prod)} now. Passes and prod runs will skip the script until it is merged again. Its versions and runs are kept.`,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Take off prod' })],
    });
    if (!button.accept) return;
    if (!(await this.notifyOnError(() => client.unpublishScript({ params: { id: scriptId }, body: {} })))) return;
    await this.catalog.refresh();
    Notification.info(`${this.nameOf(scriptId)} was taken off prod. Prod ran ${versionName(prod)}.`, {
      autoClose: 30_000,
      actions: [{ label: 'Undo', callback: () => void this.publishAgain(scriptId, prod.id) }],
    });
  }

  private async publishAgain(scriptId: number, versionId: number): Promise<void> {
    if (await this.flow.putBack(scriptId, versionId)) await this.catalog.refresh();
  }

  /** Runs an action and shows the server's error, if any. */
  async notifyOnError<T>(action: () => Promise<T>): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      Notification.error((error as Error).message, { autoClose: 10_000 });
      return null;
    }
  }
}
