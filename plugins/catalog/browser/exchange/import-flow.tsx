/** An import step by step: choose files, preview, confirm, report the result. */
import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { type ImportedFile, type ImportReport, importRoutes } from '@ved/catalog/contract';
import { createClient } from '@ved/core/browser';
import type { ScriptList } from '../script-list.ts';
import { chooseFiles, readFiles, type Source } from './chosen-files.ts';
import { counted, ImportPreview } from './import-preview.tsx';

const client = createClient(importRoutes);

type Files = Awaited<ReturnType<typeof readFiles>>;

/** Shows any error as a notification. */
export async function importScripts(list: ScriptList): Promise<void> {
  try {
    const source = await askSource();
    const chosen = source ? await chooseFiles(source) : [];
    if (chosen.length === 0) return;
    const files = await readFiles(chosen);
    const preview = await withProgress(`Checking ${counted(chosen.length, 'file')}…`, () => client.previewImport({ body: { files } }));
    if (await confirmed(preview)) await carryOut(files, preview, list);
  } catch (error) {
    Notification.error((error as Error).message, { autoClose: false });
  }
}

async function askSource(): Promise<Source | null> {
  const files = Dialog.okButton({ label: 'Choose files…', actions: ['files'] });
  const folder = Dialog.createButton({ label: 'Choose a folder…', accept: true, actions: ['folder'] });
  const { button } = await showDialog({
    title: 'Import Scripts',
    body: (
      <div className="ved-ImportSource">
        <p>Each .py file becomes a script with its text unchanged. Zip files are unpacked.</p>
        <p>
          <code>3.01_load.py</code> gets the number 3.01 if it is free. A file without a number gets a new group.
        </p>
        <p>You see a preview before anything is imported.</p>
      </div>
    ),
    buttons: [Dialog.cancelButton(), folder, files],
  });
  if (!button.accept) return null;
  return button.actions.includes('folder') ? 'folder' : 'files';
}

/** Shows `message` until the request is answered. */
async function withProgress<T>(message: string, request: () => Promise<T>): Promise<T> {
  const notice = Notification.emit(message, 'in-progress', { autoClose: false });
  try {
    return await request();
  } finally {
    Notification.dismiss(notice);
  }
}

async function confirmed(report: ImportReport): Promise<boolean> {
  const nothing = report.scripts === 0;
  const { button } = await showDialog({
    title: nothing ? 'Nothing to Import' : 'Import Scripts',
    body: ReactWidget.create(<ImportPreview report={report} />),
    buttons: nothing
      ? [Dialog.cancelButton({ label: 'Close' })]
      : [Dialog.cancelButton(), Dialog.okButton({ label: `Import ${counted(report.scripts, 'script')}` })],
  });
  return button.accept;
}

async function carryOut(files: Files, preview: ImportReport, list: ScriptList): Promise<void> {
  const body = { files, leave_out_refused: preview.refused > 0 };
  const report = await withProgress(`Importing ${counted(files.length, 'file')}…`, () => client.importScripts({ body }));
  await list.refresh();
  const others = movedSince(preview, report);
  const moved = others > 0 ? ` ${counted(others, 'script')} got a different number than shown, because the catalog had changed.` : '';
  Notification.success(`Imported ${counted(report.scripts, 'script')}: ${rangeOf(report)}.${moved}`, { autoClose: moved ? false : 6000 });
}

/** `3.01`, or `3.01 to 7.00` */
function rangeOf({ files }: ImportReport): string {
  const numbers = files.flatMap(({ script_id, ordering_number }) => (script_id === null ? [] : [ordering_number!]));
  const [first, last] = [Math.min(...numbers).toFixed(2), Math.max(...numbers).toFixed(2)];
  return first === last ? first : `${first} to ${last}`;
}

function movedSince(preview: ImportReport, report: ImportReport): number {
  const differs = (file: ImportedFile, index: number): boolean => file.ordering_number !== preview.files[index]?.ordering_number;
  return report.files.filter(differs).length;
}
