/** The catalog's actions on scripts. Each reports what happened and offers to undo it where possible. */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { catalogRoutes, type ScriptSummary, scriptName, versionName } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { showDeletedScripts } from './deleted-scripts.tsx';
import { numbered } from './drag.ts';
import { adjacentPosition, formatNumber, type Move, planMove, toHundredths } from './move-plan.ts';
import { MoveReport } from './move-report.ts';
import type { Renumbering } from './move-words.ts';
import { askNumber } from './number-dialog.tsx';
import type { ScriptList } from './script-list.ts';
import type { WorkspaceScripts } from './workspace-scripts.ts';

const client = createClient(catalogRoutes);

/** Runs an action; shows its error as a notification. */
async function notifyOnError<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: false });
    return null;
  }
}

export class ScriptActions {
  private steps: Promise<void> = Promise.resolve();
  private readonly moves: MoveReport;

  constructor(
    private readonly list: ScriptList,
    private readonly scripts: WorkspaceScripts,
    private readonly canEdit: boolean,
  ) {
    this.moves = new MoveReport(
      (id) => list.find(id),
      (moves) => this.reorder(moves),
    );
  }

  /** Saves unsaved changes first, so that the action uses the text on screen. False when the user cancelled. */
  private async saved(scriptId: number): Promise<boolean> {
    return (await this.scripts.opener?.save(scriptId)) ?? true;
  }

  async fork(scriptId: number): Promise<void> {
    if (!(await this.saved(scriptId))) return;
    const fork = await notifyOnError(() => client.forkScript({ params: { id: scriptId }, body: {} }));
    if (!fork) return;
    await this.list.refresh();
    await this.scripts.open(fork.id);
    Notification.success(`Forked as ${scriptName(fork)}.`, { autoClose: 4000 });
  }

  async bumpMajor(scriptId: number): Promise<void> {
    if (!(await this.saved(scriptId))) return;
    const bumped = await notifyOnError(() => client.bumpMajor({ params: { id: scriptId } }));
    if (!bumped) return;
    await this.list.refresh();
    Notification.success(`${scriptName(bumped)} is now ${versionName(bumped.version)}.`, { autoClose: 4000 });
  }

  async delete(script: ScriptSummary): Promise<void> {
    const { button } = await showDialog({
      title: `Delete ${scriptName(script)}?`,
      body: `It is removed from the queue${script.prod_version ? ' and from prod' : ''}. Its versions and runs are kept, and it can be restored from File > Deleted Scripts.`,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
    });
    if (!button.accept) return;
    if (!(await notifyOnError(() => client.deleteScript({ params: { id: script.id } })))) return;
    await this.list.refresh();
    Notification.info(`Deleted ${scriptName(script)}.`, {
      autoClose: 15_000,
      actions: [
        { label: 'Undo', callback: () => void this.undelete(script.id) },
        { label: 'Deleted scripts…', callback: () => void this.showDeleted() },
      ],
    });
  }

  /** Undoes a deletion. */
  async undelete(scriptId: number): Promise<void> {
    await notifyOnError(() => this.restore(scriptId));
  }

  private async restore(scriptId: number, orderingNumber?: number): Promise<void> {
    const restored = await client.restoreScript({ params: { id: scriptId }, body: { ordering_number: orderingNumber } });
    await this.list.refresh();
    const old = restored.renumbered_from;
    const why = old === null ? '' : ` Its old number, ${old.toFixed(2)}, is taken by another script.`;
    Notification.success(`Restored ${scriptName(restored)}.${why}`, { autoClose: old === null ? 4000 : 15_000 });
  }

  /** Shows the dialog of deleted scripts. */
  showDeleted(): Promise<void> {
    return showDeletedScripts({ list: this.list, canEdit: this.canEdit, restore: (id, number) => this.restore(id, number) });
  }

  renumber(script: ScriptSummary): Promise<void> {
    return askNumber({
      title: `New number for ${scriptName(script)}`,
      label: 'A number with at most two decimals; its integer part is the group.',
      text: script.ordering_number.toFixed(2),
      okLabel: 'Renumber',
      apply: async (number) => {
        const move = { id: script.id, from: toHundredths(script.ordering_number), to: toHundredths(number) };
        if (move.from === move.to) return;
        await this.reorder([move]);
        this.moves.report([move], script.id);
      },
    });
  }

  /** Moves a script one step up or down in the queue. Steps run in sequence, so that each starts where the last one ended. */
  step(scriptId: number, direction: -1 | 1): Promise<void> {
    this.steps = this.steps.then(() => this.stepNow(scriptId, direction));
    return this.steps;
  }

  private async stepNow(scriptId: number, direction: -1 | 1): Promise<void> {
    const queue = numbered(this.list.scripts);
    const position = adjacentPosition(queue, scriptId, direction);
    const moves = position && planMove(queue, scriptId, position);
    if (position && !moves) Notification.warning(`Group ${position.group} is full.`, { autoClose: 4000 });
    if (moves?.length) await this.move(moves);
  }

  /** Applies all moves or none, and reports what changed. The first one is of the script that the user moved. */
  async move(moves: readonly Move[]): Promise<void> {
    const [first] = moves;
    if (!first) return;
    const changes = moves.flatMap(({ id, ordering }) => {
      const script = this.list.find(id);
      return script ? [{ id, from: toHundredths(script.ordering_number), to: ordering }] : [];
    });
    const moved = await notifyOnError(async () => {
      await this.reorder(changes);
      return true;
    });
    if (moved) this.moves.report(changes, first.id);
  }

  get canUndoMove(): boolean {
    return this.moves.canUndo;
  }

  /** Undoes the moves that were reported last. */
  undoMove(): Promise<void> {
    return this.moves.undo();
  }

  /** Throws when the server refuses; the list is up to date either way. */
  private async reorder(moves: readonly Renumbering[]): Promise<void> {
    try {
      this.list.accept(
        await client.reorder({
          body: { moves: moves.map(({ id, from, to }) => ({ id, from: asNumber(from), ordering_number: asNumber(to) })) },
        }),
      );
    } catch (error) {
      await this.list.refresh();
      throw error;
    }
  }

  async loadSamples(): Promise<void> {
    const scripts = await notifyOnError(() => client.samples());
    if (scripts) this.list.accept(scripts);
  }
}

/** The JSON number of hundredths. */
function asNumber(hundredths: number): number {
  return Number(formatNumber(hundredths));
}
