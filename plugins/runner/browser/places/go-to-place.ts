/** Leads from a line of a traceback to the line of the text that ran, wherever that text is to be seen now. */
import { Notification } from '@jupyterlab/apputils';
import type { Catalog } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { movedLine } from '@ved/core/text';
import type { Editors } from '@ved/editor/contract';
import { type RunListItem, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export type RunWithPlaces = Pick<RunListItem, 'id' | 'script_id' | 'script_version_id' | 'version_label' | 'unsaved'>;

/**
 * An older version opens read-only beside the newest. What is being edited is
 * shown at the line as it stands now; when that line is gone, the text that ran
 * is shown beside what there is.
 */
export async function goToPlace(parts: { editors: Editors; catalog: Catalog }, run: RunWithPlaces, line: number): Promise<void> {
  const { editors, catalog } = parts;
  const newest = catalog.find(run.script_id);
  if (!run.unsaved && newest && run.version_label !== `${newest.major}.${newest.minor}`) {
    await editors.open(run.script_id, { versionId: run.script_version_id, line });
    return;
  }
  const [editor, { content }] = await Promise.all([editors.open(run.script_id), client.getRunCode({ params: { id: run.id } })]);
  const now = movedLine(content, editor.text, line);
  if (now !== null) {
    editor.revealLine(now);
    return;
  }
  editors.openDiff(`run-${run.id}-code`, { title: `run ${run.id}: code`, text: content }, { title: 'now', text: editor.text });
  Notification.info(`Line ${line} is not in the editor any more: what ran is on the left.`, { autoClose: 6000 });
}
