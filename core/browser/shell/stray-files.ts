/** A file that is dropped where no panel takes it: the browser would leave the workspace for it, with whatever is unsaved. */
import type { VedPlugin } from '../app/ved-plugin.ts';

export const strayFilesPlugin: VedPlugin<void> = {
  id: '@ved/core:stray-files',
  autoStart: true,
  activate: () => {
    // After everybody else: who takes a file has said so by then.
    for (const type of ['dragover', 'drop'] as const) window.addEventListener(type, refuseFiles);
  },
};

function refuseFiles(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}
