/** Merges one script to prod step by step: save, review what prod would run, merge, and handle refusals by the server. */

import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { type Catalog, catalogRoutes, type MergePreview, type ScriptDetail, scriptName, versionName } from '@ved/catalog/contract';
import { ApiError, createClient } from '@ved/core/browser';
import { hunksBetween } from '@ved/core/text';
import type { Editors } from '@ved/editor/contract';
import { type Runs, runnerRoutes } from '@ved/runner/contract';
import { type MergePlan, MergeReview } from './merge-review.tsx';

const catalogClient = createClient(catalogRoutes);
const runnerClient = createClient(runnerRoutes);

/** The server's data about a conflict. */
interface ConflictData {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
  readonly prod_git_commit_hash: string;
}

type MergeOptions = {
  allow_duplicate?: boolean;
  seen_prod_git_commit_hash?: string | null;
  resolution?: { content: string; prod_git_commit_hash: string };
};

export class MergeFlow {
  constructor(
    private readonly editors: Editors,
    private readonly catalog: Catalog,
    private readonly runs: Runs | null,
  ) {}

  /** Merges the given version, or the newest after saving unsaved changes. Resolves with whether it was merged; shows failures. */
  async merge(scriptId: number, versionId?: number): Promise<boolean> {
    try {
      if (versionId !== undefined) return await this.reviewAndSend(scriptId, versionId);
      const editor = this.editors.all.find((each) => each.scriptId === scriptId && each.dirty);
      if (editor && !(await editor.save())) return false;
      return await this.reviewAndSend(scriptId);
    } catch (error) {
      Notification.error((error as Error).message, { autoClose: false });
      return false;
    }
  }

  /** Puts a version back on prod without a review; only while the script is not on prod. */
  async putBack(scriptId: number, versionId: number): Promise<boolean> {
    try {
      const script = await catalogClient.getScript({ params: { id: scriptId }, query: { version: versionId } });
      return await this.send(script, { seen_prod_git_commit_hash: null });
    } catch (error) {
      Notification.error(`The script was not put back on prod. ${(error as Error).message}`, { autoClose: false });
      return false;
    }
  }

  /** Merges exactly what was reviewed; if prod has changed in the meantime, it is reviewed again. Without `versionId`: the newest version. */
  private async reviewAndSend(scriptId: number, versionId?: number): Promise<boolean> {
    const script = await catalogClient.getScript({ params: { id: scriptId }, query: { version: versionId } });
    const plan = await planOf(script);
    if (!(await this.review(script, plan))) return false;
    if (plan instanceof ApiError) return this.resolve(script, {}, plan);
    try {
      return await this.send(script, { seen_prod_git_commit_hash: plan.prod_git_commit_hash });
    } catch (error) {
      if (!(error instanceof ApiError && error.is('git/prod-moved'))) throw error;
      Notification.info(error.message, { autoClose: 10_000 });
      return this.reviewAndSend(scriptId, script.version.id);
    }
  }

  private async review(script: ScriptDetail, plan: MergePlan | ApiError): Promise<boolean> {
    const preview = plan instanceof ApiError ? null : plan;
    const prodVersion = preview ? preview.prod_version : script.prod_version;
    const { runs } = this;
    const last = runs && (await runnerClient.lastExecution({ params: { id: script.id } }));
    const dialog = new Dialog({
      title: `Merge ${scriptName(script)} ${versionName(script.version)} to prod`,
      body: ReactWidget.create(
        <MergeReview
          version={versionName(script.version)}
          scriptId={script.id}
          versionId={script.version.id}
          prodVersion={prodVersion && versionName(prodVersion)}
          preview={preview}
          runs={
            runs && {
              last,
              onCompare: (a, b) => {
                dialog.reject();
                runs.compareRuns(a, b);
              },
            }
          }
        />,
      ),
      buttons: buttonsFor(preview),
    });
    const { button } = await dialog.launch();
    return button.accept && preview?.outcome !== 'nothing';
  }

  private async send(script: ScriptDetail, options: MergeOptions): Promise<boolean> {
    try {
      await catalogClient.mergeScript({ params: { id: script.id }, body: { version_id: script.version.id, ...options } });
    } catch (error) {
      if (error instanceof ApiError && error.is('git/duplicate')) return this.mergeTwin(script, options, error);
      if (error instanceof ApiError && error.is('git/merge-conflict')) return this.resolve(script, options, error);
      throw error;
    }
    Notification.success(`Merged ${scriptName(script)} to prod, which now runs ${versionName(script.version)}.`, { autoClose: 4000 });
    return true;
  }

  private async mergeTwin(script: ScriptDetail, options: MergeOptions, refusal: ApiError): Promise<boolean> {
    const twinId = Number(refusal.problem.twin_id);
    const twin = this.catalog.find(twinId);
    const openTwin = Dialog.createButton({ label: 'Open other script', actions: ['open'] });
    const { button } = await showDialog({
      title: 'The same code is already on prod',
      body: `${twin ? scriptName(twin) : `Script ${twinId}`} on prod does exactly what ${scriptName(script)} does: the two differ only in comments, docstrings or layout. If you merge anyway, both will run, and your choice is recorded.`,
      buttons: [Dialog.cancelButton(), openTwin, Dialog.warnButton({ label: 'Merge anyway' })],
    });
    if (button.actions.includes('open')) await this.editors.open(twinId);
    else if (button.accept) return this.send(script, { ...options, allow_duplicate: true });
    return false;
  }

  private async resolve(script: ScriptDetail, options: MergeOptions, refusal: ApiError): Promise<boolean> {
    const conflict = refusal.problem as unknown as ConflictData;
    return this.editors.resolveConflict({
      title: `${scriptName(script)}: merge to prod`,
      base: { title: 'Common base', text: conflict.base ?? '' },
      ours: { title: 'On prod', text: conflict.ours },
      theirs: { title: `Yours (${versionName(script.version)})`, text: conflict.theirs },
      use: (content) => this.reviewResolved(script, options, conflict, content),
    });
  }

  /** Reviews and merges the resolution. If it is not merged for any reason, it is still in the three panes. */
  private async reviewResolved(script: ScriptDetail, options: MergeOptions, conflict: ConflictData, content: string): Promise<boolean> {
    const { ours, prod_git_commit_hash } = conflict;
    try {
      const plan = { outcome: 'resolved', content, hunks: hunksBetween(ours, content), prod_version: script.prod_version } as const;
      if (!(await this.review(script, plan))) return false;
      return await this.send(script, { ...options, resolution: { content, prod_git_commit_hash } });
    } catch (error) {
      Notification.error(`${(error as Error).message} Your resolution is still in the panes.`, { autoClose: false });
      return false;
    }
  }
}

/** What a merge would bring to prod, or the refusal that describes the conflict. */
async function planOf({ id, version }: ScriptDetail): Promise<MergePreview | ApiError> {
  try {
    return await catalogClient.previewMerge({ params: { id }, query: { version_id: version.id } });
  } catch (error) {
    if (error instanceof ApiError && error.is('git/merge-conflict')) return error;
    throw error;
  }
}

function buttonsFor(preview: MergePlan | null): Dialog.IButton[] {
  if (preview?.outcome === 'nothing') return [Dialog.okButton({ label: 'Close' })];
  return [
    Dialog.cancelButton(preview?.outcome === 'resolved' ? { label: 'Back to the panes' } : {}),
    Dialog.okButton({ label: preview ? 'Merge to prod' : 'Resolve conflict' }),
  ];
}
