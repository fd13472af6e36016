/** What a person can do to a script from the catalog. Each says what happened, and offers to undo it where that can be. */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { catalogRoutes, type ScriptSummary, scriptName, versionName } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { showDeletedScripts } from './deleted-scripts.tsx';
import { numbered } from './drag.ts';
import { formatNumber, type Move, neighbouringPlace, planMove, toHundredths } from './move-plan.ts';
import { MoveReport } from './move-report.ts';
import type { Renumbering } from './move-words.ts';
import { askNumber } from './number-dialog.tsx';
import type { ScriptList } from './script-list.ts';
import type { WorkspaceScripts } from './workspace-scripts.ts';

const client = createClient(catalogRoutes);

/** Runs an action; what the server refused is shown as a notification, whole. */
async function orSay<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: false });
    return null;
  }
}

export class ScriptActions {
  #steps: Promise<void> = Promise.resolve();
  readonly #moves: MoveReport;

  constructor(
    private readonly list: ScriptList,
    private readonly scripts: WorkspaceScripts,
    private readonly canEdit: boolean,
  ) {
    this.#moves = new MoveReport(
      (id) => list.find(id),
      (moves) => this.#reorder(moves),
    );
  }

  /** Saves what is unsaved of a script first, so that the action takes what the person sees. False when they gave up. */
  async #saved(scriptId: number): Promise<boolean> {
    return (await this.scripts.opener?.save(scriptId)) ?? true;
  }

  async fork(scriptId: number): Promise<void> {
    if (!(await this.#saved(scriptId))) return;
    const fork = await orSay(() => client.forkScript({ params: { id: scriptId }, body: {} }));
    if (!fork) return;
    await this.list.refresh();
    await this.scripts.open(fork.id);
    Notification.success(`Forked as ${scriptName(fork)}.`, { autoClose: 4000 });
  }

  async bumpMajor(scriptId: number): Promise<void> {
    if (!(await this.#saved(scriptId))) return;
    const bumped = await orSay(() => client.bumpMajor({ params: { id: scriptId } }));
    if (!bumped) return;
    await this.list.refresh();
    Notification.success(`${scriptName(bumped)} is now ${versionName(bumped.version)}.`, { autoClose: 4000 });
  }

  async delete(script: ScriptSummary): Promise<void> {
    const { button } = await showDialog({
      title: `Delete ${scriptName(script)}?`,
      body: `It leaves the queue${script.prod_version ? ' and prod' : ''}. Its versions and runs are kept, and it can be restored from File, Deleted Scripts.`,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
    });
    if (!button.accept) return;
    if (!(await orSay(() => client.deleteScript({ params: { id: script.id } })))) return;
    await this.list.refresh();
    Notification.info(`Deleted ${scriptName(script)}.`, {
      autoClose: 15_000,
      actions: [
        { label: 'Undo', callback: () => void this.undelete(script.id) },
        { label: 'Deleted scripts…', callback: () => void this.showDeleted() },
      ],
    });
  }

  /** Undoes a deletion that was just made. */
  async undelete(scriptId: number): Promise<void> {
    await orSay(() => this.#restore(scriptId));
  }

  async #restore(scriptId: number, orderingNumber?: number): Promise<void> {
    const restored = await client.restoreScript({ params: { id: scriptId }, body: { ordering_number: orderingNumber } });
    await this.list.refresh();
    const had = restored.renumbered_from;
    const why = had === null ? '' : ` It had ${had.toFixed(2)}, which another script has now.`;
    Notification.success(`${scriptName(restored)} is back.${why}`, { autoClose: had === null ? 4000 : 15_000 });
  }

  /** The trash. */
  showDeleted(): Promise<void> {
    return showDeletedScripts({ list: this.list, canEdit: this.canEdit, restore: (id, number) => this.#restore(id, number) });
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
        await this.#reorder([move]);
        this.#moves.say([move], script.id);
      },
    });
  }

  /** One step up or down in the queue, by keyboard. Steps follow one another: each starts from where the last one led. */
  step(scriptId: number, direction: -1 | 1): Promise<void> {
    this.#steps = this.#steps.then(() => this.#step(scriptId, direction));
    return this.#steps;
  }

  async #step(scriptId: number, direction: -1 | 1): Promise<void> {
    const queue = numbered(this.list.scripts);
    const place = neighbouringPlace(queue, scriptId, direction);
    const moves = place && planMove(queue, scriptId, place);
    if (place && !moves) Notification.warning(`Group ${place.group} is full.`, { autoClose: 4000 });
    if (moves?.length) await this.move(moves);
  }

  /** Carries out a plan, whole or not at all, and says what changed. The first move is that of the script that was meant. */
  async move(moves: readonly Move[]): Promise<void> {
    const [meant] = moves;
    if (!meant) return;
    const changes = moves.flatMap(({ id, ordering }) => {
      const script = this.list.find(id);
      return script ? [{ id, from: toHundredths(script.ordering_number), to: ordering }] : [];
    });
    const moved = await orSay(async () => {
      await this.#reorder(changes);
      return true;
    });
    if (moved) this.#moves.say(changes, meant.id);
  }

  get canUndoMove(): boolean {
    return this.#moves.canUndo;
  }

  /** Takes back the moves that were told of last. */
  undoMove(): Promise<void> {
    return this.#moves.undo();
  }

  /** Throws what the server refuses; the list is up to date either way. */
  async #reorder(moves: readonly Renumbering[]): Promise<void> {
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
    const scripts = await orSay(() => client.samples());
    if (scripts) this.list.accept(scripts);
  }
}

/** The JSON number of hundredths. */
function asNumber(hundredths: number): number {
  return Number(formatNumber(hundredths));
}
