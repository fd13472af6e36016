/**
 * Interactive saving: asks when the person must decide (somebody else saved, a
 * tab with unsaved text is closed) and does what they choose.
 */
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { type ScriptDetail, scriptName, versionName } from '@ved/catalog/contract';
import { reasonOf } from '@ved/core/browser';
import type { TextSide } from '../../contract/index.ts';
import type { ScriptDocument } from '../documents/script-document.ts';

export interface SaveFlowActions {
  openDiff(id: string, left: TextSide, right: TextSide): void;
  /** Opens a script that was just created. */
  open(scriptId: number): Promise<unknown>;
}

type StaleChoice = 'cancel' | 'compare' | 'fork' | 'overwrite';

export class SaveFlow {
  constructor(private readonly actions: SaveFlowActions) {}

  /** Resolves with whether the text is saved now. Failures are shown above the text. */
  async save(document: ScriptDocument): Promise<boolean> {
    if (document.readOnly) return false;
    // Known without asking the server: somebody saved while this was typed.
    const outcome = document.newer ? { kind: 'stale' as const } : await document.save();
    if (outcome.kind === 'stale') return this.decide(document);
    return outcome.kind === 'saved';
  }

  /** Saves over the version that somebody else saved. */
  async overwrite(document: ScriptDocument): Promise<boolean> {
    const outcome = await document.save({ overwrite: true });
    return outcome.kind === 'stale' ? this.decide(document) : outcome.kind === 'saved';
  }

  compare(document: ScriptDocument): void {
    const { newer, detail } = document;
    if (!newer || !detail) return;
    const theirs = { title: `${versionName(newer.version)} by ${newer.version.committer}`, text: newer.content };
    const mine = { title: 'Yours (not saved)', text: document.content.buffer.text };
    this.actions.openDiff(`unsaved-${document.key}`, theirs, mine);
  }

  async fork(document: ScriptDocument): Promise<boolean> {
    let fork: ScriptDetail;
    try {
      fork = await document.moveToFork();
    } catch (error) {
      Notification.error(`The fork was not created. ${reasonOf(error)}`, { autoClose: false });
      return false;
    }
    await this.actions.open(fork.id);
    Notification.success(`Your changes were saved as ${scriptName(fork)}.`, { autoClose: 5000 });
    return true;
  }

  /** Discards the unsaved text after asking; shows the newest version. */
  async discard(document: ScriptDocument): Promise<void> {
    const sure = await showDialog({
      title: 'Discard your unsaved changes?',
      body: 'The newest saved version will be shown instead. You cannot undo this after closing the tab.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Discard' })],
    });
    if (sure.button.accept) await document.revert();
  }

  /** Asks before a tab with unsaved text is closed. Resolves with the person's choice. */
  async askBeforeClosing(title: string): Promise<'save' | 'discard' | 'cancel'> {
    const { button } = await showDialog({
      title: 'Save your changes?',
      body: `${title} has unsaved changes.`,
      buttons: [
        Dialog.cancelButton(),
        Dialog.warnButton({ label: 'Discard', actions: ['discard'] }),
        Dialog.okButton({ label: 'Save', actions: ['save'] }),
      ],
      defaultButton: 2,
    });
    return (button.actions[0] as 'save' | 'discard' | undefined) ?? 'cancel';
  }

  private async decide(document: ScriptDocument): Promise<boolean> {
    const choice = await askAboutNewer(document.newer!);
    if (choice === 'overwrite') return this.overwrite(document);
    if (choice === 'fork') return this.fork(document);
    if (choice === 'compare') this.compare(document);
    return false;
  }
}

async function askAboutNewer({ version }: ScriptDetail): Promise<StaleChoice> {
  const dialog = new Dialog({
    title: 'A newer version was saved',
    body: `${version.committer} saved ${versionName(version)} while you were editing this script. Whatever you choose, nothing is lost: every version stays in the history.`,
    buttons: [
      Dialog.cancelButton({ actions: ['cancel'] }),
      Dialog.createButton({ label: 'Compare', actions: ['compare'] }),
      Dialog.createButton({ label: 'Keep Mine as a Fork', actions: ['fork'] }),
      Dialog.warnButton({ label: `Overwrite ${versionName(version)}`, actions: ['overwrite'] }),
    ],
    defaultButton: 1,
  });
  dialog.addClass('ved-NewerDialog');
  const { button } = await dialog.launch();
  return (button.actions[0] as StaleChoice | undefined) ?? 'cancel';
}
