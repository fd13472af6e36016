/** Ignores files dropped outside a panel that takes them; the browser would navigate to the file and lose unsaved work. */
import type { VedPlugin } from '../app/ved-plugin.ts';

export const strayFilesPlugin: VedPlugin<void> = {
  id: '@ved/core:stray-files',
  autoStart: true,
  activate: () => {
    // On the window, so that a panel that takes the file has handled the event first.
    for (const type of ['dragover', 'drop'] as const) window.addEventListener(type, refuseFiles);
  },
};

function refuseFiles(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}
