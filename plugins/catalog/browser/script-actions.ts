/** What a person can do to a script from the catalog. Each says what happened, and offers to undo it where that can be. */
import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import { catalogRoutes, type ScriptSummary } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { Editors } from '@ved/editor/contract';
import { numbered } from './drag.ts';
import { formatNumber, type Move, neighbouringPlace, planMove } from './move-plan.ts';
import type { ScriptList } from './script-list.ts';

const client = createClient(catalogRoutes);

/** `3.02 Clean orders`, as dialogs name a script. */
export function nameOf(script: Pick<ScriptSummary, 'ordering_number' | 'descriptive_name'>): string {
  return `${script.ordering_number.toFixed(2)} ${script.descriptive_name}`;
}

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

  constructor(
    private readonly list: ScriptList,
    private readonly editors: Editors,
  ) {}

  /** Saves what is unsaved of a script first, so that the action takes what the person sees. False when they gave up. */
  async #saved(scriptId: number): Promise<boolean> {
    const editor = this.editors.all.find((each) => each.scriptId === scriptId && each.dirty);
    return editor ? editor.save() : true;
  }

  async fork(scriptId: number): Promise<void> {
    if (!(await this.#saved(scriptId))) return;
    const fork = await orSay(() => client.forkScript({ params: { id: scriptId }, body: {} }));
    if (!fork) return;
    await this.list.refresh();
    await this.editors.open(fork.id);
    Notification.success(`Forked as ${nameOf(fork)}.`, { autoClose: 4000 });
  }

  async bumpMajor(scriptId: number): Promise<void> {
    if (!(await this.#saved(scriptId))) return;
    const bumped = await orSay(() => client.bumpMajor({ params: { id: scriptId } }));
    if (!bumped) return;
    await this.list.refresh();
    Notification.success(`${nameOf(bumped)} is now v${bumped.version.major}.${bumped.version.minor}.`, { autoClose: 4000 });
  }

  async delete(script: ScriptSummary): Promise<void> {
    const { button } = await showDialog({
      title: `Delete ${nameOf(script)}?`,
      body: 'It leaves the queue. Its versions and runs are kept, and the deletion can be undone.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
    });
    if (!button.accept) return;
    if (!(await orSay(() => client.deleteScript({ params: { id: script.id } })))) return;
    await this.list.refresh();
    Notification.info(`Deleted ${nameOf(script)}.`, {
      autoClose: 15_000,
      actions: [{ label: 'Undo', callback: () => void this.restore(script.id) }],
    });
  }

  async restore(scriptId: number): Promise<void> {
    const restored = await orSay(() => client.restoreScript({ params: { id: scriptId } }));
    if (!restored) return;
    await this.list.refresh();
    Notification.success(`${nameOf(restored)} is back.`, { autoClose: 4000 });
  }

  async renumber(script: ScriptSummary): Promise<void> {
    const { value, button } = await InputDialog.getText({
      title: `New number for ${nameOf(script)}`,
      label: 'A number with at most two decimals; its integer part is the group.',
      text: script.ordering_number.toFixed(2),
      pattern: '\\d{1,5}([.]\\d{1,2})?',
      okLabel: 'Renumber',
    });
    if (!button.accept || value === null || Number(value) === script.ordering_number) return;
    await this.#reorder([{ id: script.id, ordering_number: Number(value) }]);
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

  /** Carries out a plan, whole or not at all. */
  async move(moves: readonly Move[]): Promise<void> {
    await this.#reorder(moves.map((move) => ({ id: move.id, ordering_number: Number(formatNumber(move.ordering)) })));
  }

  async #reorder(moves: { id: number; ordering_number: number }[]): Promise<void> {
    const scripts = await orSay(() => client.reorder({ body: { moves } }));
    if (scripts) this.list.accept(scripts);
    else await this.list.refresh();
  }

  async loadSamples(): Promise<void> {
    const scripts = await orSay(() => client.samples());
    if (scripts) this.list.accept(scripts);
  }
}
