/** Goes from a line of a traceback to that line of the text that ran. */
import { Notification } from '@jupyterlab/apputils';
import type { Catalog } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import { movedLine } from '@ved/core/text';
import type { Editors } from '@ved/editor/contract';
import { type RunListItem, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export type RunSource = Pick<RunListItem, 'id' | 'script_id' | 'script_version_id' | 'version_label' | 'unsaved'>;

/**
 * An older version opens read-only next to the newest. In the text being edited,
 * goes to where the line is now; when it no longer exists, shows the text that ran
 * next to the current one.
 */
export async function goToLine(parts: { editors: Editors; catalog: Catalog }, run: RunSource, line: number): Promise<void> {
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
  Notification.info(`Line ${line} is no longer in the script. The code that ran is on the left.`, { autoClose: 6000 });
}
